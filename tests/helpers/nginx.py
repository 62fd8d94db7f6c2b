"""nginx before two replicas of the app, with the very lines that docs/scaling.md shows."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from running import free_port

SHOWN = Path(__file__).resolve().parents[2] / "docs" / "scaling.md"
REPLICAS = ("127.0.0.1:7860", "127.0.0.1:7861")  # as the page has them
PORT = "listen 8080"


@contextmanager
def nginx_before(program: str, urls: Sequence[str], folder: Path) -> Iterator[str]:
    """Its address, which need not answer yet; ``urls`` of two replicas, ``folder`` for all that it writes."""
    port = free_port()
    lines = SHOWN.read_text(encoding="utf-8").partition("```nginx\n")[2].partition("```")[0]
    ours = {**dict(zip(REPLICAS, urls, strict=True)), PORT: f"listen {port}"}
    for word, instead in ours.items():
        assert word in lines, word
        lines = lines.replace(word, instead.removeprefix("http://").rstrip("/"))
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    conf = folder / "nginx.conf"
    conf.write_text(
        f"pid {folder / 'pid'}; error_log {folder / 'error.log'}; events {{}}\n"
        f"http {{ access_log off; {places}\n{lines} }}\n"
    )
    command = [program, "-c", str(conf), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    with subprocess.Popen(command) as process:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
