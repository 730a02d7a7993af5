"""Files that a command writes besides the ledger."""

from pathlib import Path

from ledger12315.errors import Message, Refused, Unusable, message
from ledger12315.ledger.store.atomic import beside, put


def write_whole(
    target: Path, content: bytes, ledger: Path, private: bool = False
) -> list[Message]:
    """Put a file in place as a whole, or leave what was there; return what is to be said.

    Raises Refused in the ledger's place, Unusable elsewhere.
    """
    replaced = target.exists()
    if replaced and not target.is_file():
        raise Unusable("{path} is no file that can be replaced; name another.", path=target)
    if replaced and ledger.exists() and target.samefile(ledger):
        raise Refused("{path} is the ledger itself; name another file with --output.", path=target)
    with beside(target, private=private) as fresh:
        fresh.write_bytes(content)
        put(fresh, target)
    if replaced:
        return [message("{path} stood there already and was replaced.", path=target)]
    return []
