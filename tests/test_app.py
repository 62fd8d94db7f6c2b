"""Starting and stopping ``python app.py``."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import free_port

import app
from rag.config import Settings
from rag.index import Index
from ui.state.readiness import OPENING

ROOT = Path(__file__).resolve().parent.parent


def test_a_missing_auth_file_is_one_line(capsys: Any, tmp_path: Path) -> None:
    assert app.main(["--auth", str(tmp_path / "users"), "--index", str(tmp_path / "i")]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "users cannot be read" in said


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--port", "70000", "70000"), ("--port", "0", "'0'"), ("--port", "x", "'x'"), ("--host", "192.0.2.1", "192.0.")],
)
def test_a_wrong_address_is_one_line(option: str, value: str, said: str, capsys: Any, tmp_path: Path) -> None:
    try:
        code = app.main([option, value, "--index", str(tmp_path / "i")])
    except SystemExit as stopped:
        code = int(str(stopped.code))
    assert code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "i").exists()


def test_a_taken_port_is_said_before_anything_is_read(capsys: Any, tmp_path: Path) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port), "--index", str(tmp_path / "index")]) == 1
    assert f"port {port}: it is in use" in capsys.readouterr().err
    assert not (tmp_path / "index").exists()


@pytest.mark.slow
def test_start_on_a_taken_port_then_stop_by_signal(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "app.py"), "--no-samples", "--index", str(tmp_path / "index"), "--port"]
    port = str(free_port())  # none that a connection of another program may be given once it is free again
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", int(port)))
        taken.listen()
        refused = subprocess.run([*command, port], capture_output=True, text=True, timeout=120, check=False)
    assert refused.returncode == 1
    assert f"port {port}: it is in use" in refused.stderr

    running = subprocess.Popen([*command, port], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert running.stdout is not None
    lines: list[str] = []
    for line in running.stdout:
        lines.append(line)
        if "answers at" in line:
            break
    assert lines and "answers at http://127.0.0.1:" in lines[-1], lines
    running.send_signal(signal.SIGTERM)
    rest = running.stdout.read()
    assert running.wait(timeout=60) == 0
    assert "Stopping" in rest
    assert "Traceback" not in rest
    with Index.open(Settings(index=tmp_path / "index", encoder="builtin", words="static")) as index:
        assert index.catalogue.state().writing is None


def test_the_page_answers_and_says_so_while_the_samples_are_read(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    port, seen = str(free_port()), []

    def look(library: Any, bars: Any) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/", trust_env=False, timeout=60) as http:
            seen.append((http.get("").status_code, http.get("pagesight/news").json()["ready"]["words"]))
        raise KeyboardInterrupt

    monkeypatch.setenv("PAGESIGHT_ENCODER", "builtin")
    monkeypatch.setenv("PAGESIGHT_WORDS", "static")
    monkeypatch.setattr(app, "_index_samples", look)
    assert app.main(["--port", port, "--index", str(tmp_path / "index")]) == 0
    assert seen == [(200, OPENING)]
    assert "Search is ready" not in capsys.readouterr().out


def test_an_encoder_that_cannot_be_opened_ends_the_app_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Path
) -> None:
    with Index.open(Settings(index=tmp_path / "index", encoder="builtin", words="static"), create=True):
        pass
    monkeypatch.setenv("PAGESIGHT_ENCODER", "builtin")
    monkeypatch.setenv("PAGESIGHT_WORDS", "off")
    assert app.main(["--port", str(free_port()), "--index", str(tmp_path / "index")]) == 1
    said = capsys.readouterr()
    assert "nothing would read text" in said.err and len(said.err.strip().splitlines()) == 1
