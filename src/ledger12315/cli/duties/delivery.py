"""The delivery of a message to all addresses at once by apprise.

`send_message` needs apprise, the extra `notify`; this module is loaded only to send.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from ledger12315.cli.face.configuration import environment_with
from ledger12315.errors import Message, Unclear, Unusable, message

_AUTHORITIES = (Path("/etc/ssl/certs/ca-certificates.crt"), Path("/etc/pki/tls/cert.pem"))
"""The certificates of whom a computer trusts: Debian's and UOS's, and Kylin's."""
_SECONDS = 20
"""How long all addresses together are waited for."""


def send_message(addresses: Sequence[str], title: str, body: str) -> list[Message]:
    """Send a message, unless its body is empty; return the addresses it did not reach.

    They are named by their position, since most contain a key. Raises Unclear for a text that is
    not an address, Unusable if apprise is not installed.
    """
    try:
        from apprise import Apprise, AppriseAsset
    except ImportError:
        raise Unusable('To send messages install: pip install "apprise~=2.3"') from None
    from ledger12315.cli.duties.attempt import Attempt, hearing_reasons, read_answers

    read_answers()
    with hearing_reasons(), _trusting_as_the_computer():
        unlimited = AppriseAsset(service_timeout=0)  # see Attempt
        senders = {address: Apprise(asset=unlimited) for address in addresses}
        if not all(sender.add(address) for address, sender in senders.items()):
            raise Unclear(
                "--notify takes an address that messages can be sent to, such as {example}.",
                example="mailto://NAME@HOST",
            )
        attempts = [Attempt(sender, title, body) for sender in senders.values() if body]
        for attempt in attempts:
            attempt.start()
        end = monotonic() + _SECONDS
        for attempt in attempts:
            attempt.join(max(0, end - monotonic()))
        failures = [attempt.failure for attempt in attempts]
    return [
        message("address {place} ({kind}): {why}", place=place, kind=kind, why=why)
        for place, (address, why) in enumerate(zip(senders, failures, strict=False), 1)
        for kind in [address.partition(":")[0]]
        if why
    ]


@contextmanager
def _trusting_as_the_computer() -> Iterator[None]:
    """Trust meanwhile whom the computer trusts too, such as an office's own authority.

    Its list may be old, so that certifi's counts as well. What the user has set holds alone.
    """
    import certifi

    kept = [path.read_text("utf-8", "replace") for path in _AUTHORITIES if path.is_file()]
    unset = {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"} - {*os.environ}
    if os.environ.get("CURL_CA_BUNDLE"):  # requests reads it where its own is unset
        unset.discard("REQUESTS_CA_BUNDLE")
    with TemporaryDirectory() as folder:
        both = Path(folder, "authorities.pem")
        both.write_text("\n".join([certifi.contents(), *kept]), "utf-8")
        with environment_with(dict.fromkeys(unset, str(both))):
            yield
