"""A robot that takes messages over https, with a certificate that only a computer here knows."""

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

# Where Debian and UOS keep the certificates of whom they trust, and where Kylin does.
PLACES = ("etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/cert.pem")


class Robot(NamedTuple):
    """Where messages are sent to, the certificate that vouches for it, and what arrived."""

    address: str
    certificate: Path
    arrived: list[bytes]

    @contextmanager
    def trusted(self, root: Path, place: str) -> Iterator[None]:
        """Have the computer with this root trust the certificate meanwhile."""
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.certificate, file)
        try:
            yield
        finally:
            file.unlink()


@contextmanager
def listening(folder: Path) -> Iterator[Robot]:
    """Run a robot meanwhile, whose certificate is made in a folder. Raises CalledProcessError."""
    arrived: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    certificate = _certified(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "robot.crt", folder / "robot.key")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Robot(f"jsons://127.0.0.1:{server.server_port}", certificate, arrived)
        finally:
            server.shutdown()
            thread.join()


def _certified(folder: Path) -> Path:
    """Make an authority, and the robot's certificate by it; return that of the authority."""
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2")
    signed = ("-CA", "ca.crt", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1")
    authority = ("-addext", "keyUsage=critical,keyCertSign")
    leaf = ("-addext", "basicConstraints=critical,CA:FALSE")
    for name, how in (("ca", authority), ("robot", (*signed, *leaf))):
        files = ("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")
        command = ["openssl", *new, *files, *how]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "ca.crt"
