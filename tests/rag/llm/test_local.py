"""The local model on a tiny Idefics3 with random weights."""

import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from running import running
from tiny_vision import save_tiny_vision

from rag.config import Settings
from rag.errors import ModelCutShort, ModelUnreachable
from rag.llm.base import Message, OutspokenLLM
from rag.llm.local import LocalModel
from rag.llm.open import open_llm

MESSAGES = [
    Message("system", ("Be short.",)),
    Message("user", ("Evidence: ", Image.new("RGB", (40, 30), "red"), " Question: what is it?")),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny-vision")
    save_tiny_vision(path)
    return path


def test_a_model_in_a_folder_sees_and_writes(folder: Path) -> None:
    llm = open_llm(Settings(llm_model=f"local:{folder}"))
    assert isinstance(llm, LocalModel)
    assert llm.sees_pictures()
    came: list[str] = []
    with pytest.raises(ModelCutShort, match="limit of 6 tokens"):
        came.extend(LocalModel(str(folder), max_new_tokens=6).stream(MESSAGES))
    assert "".join(came)


def test_its_window_is_what_it_was_made_for(folder: Path) -> None:
    llm = LocalModel(str(folder))
    assert isinstance(llm, OutspokenLLM)
    assert llm.window() is None
    llm.sees_pictures()
    assert llm.window() == 4096


def test_closing_the_stream_stops_the_model_and_frees_it(folder: Path) -> None:
    llm = LocalModel(str(folder), max_new_tokens=3000)
    stream = llm.stream(MESSAGES)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name == "local-model"]
    assert next(llm.stream(MESSAGES))


@pytest.fixture
def bringing_code(folder: Path, tmp_path: Path) -> Path:
    """A model folder whose config names code beside it, which leaves a note when it runs."""
    copy = tmp_path / "own-code"
    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text())
    parts = {"AutoConfig": "own.Config", "AutoModelForImageTextToText": "own.Model", "AutoProcessor": "own.Processor"}
    (copy / "config.json").write_text(json.dumps(config | {"model_type": "own", "auto_map": parts}))
    (copy / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    return copy


def test_code_of_a_folder_is_neither_run_nor_asked_about(
    bringing_code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def agreeing(*prompt: object) -> str:
        asked.append(prompt)
        return "y"

    monkeypatch.setattr("builtins.input", agreeing)
    with pytest.raises(ModelUnreachable, match="never run here"):
        list(LocalModel(str(bringing_code)).stream(MESSAGES))
    assert not asked and not (tmp_path / "ran").exists()


def test_a_hub_name_is_taken_from_the_cache_or_not_at_all(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with running(_Hub(asked)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{hub.server_address[1]}")
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
        with pytest.raises(ModelUnreachable, match=r"not on this machine.*hf download some/model"):
            LocalModel("some/model").sees_pictures()
        snapshot = tmp_path / "models--some--model" / "snapshots" / "1"
        shutil.copytree(folder, snapshot)
        (tmp_path / "models--some--model" / "refs").mkdir()
        (tmp_path / "models--some--model" / "refs" / "main").write_text("1")
        assert LocalModel("some/model").sees_pictures()
    assert not asked


class _Hub(ThreadingHTTPServer):
    """Notes what it is asked."""

    daemon_threads = True

    def __init__(self, asked: list[str]) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_error(404)

            do_HEAD = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        super().__init__(("127.0.0.1", 0), Handler)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreachable, match="image-text-to-text"):
        list(LocalModel(str(tmp_path / "nothing")).stream(MESSAGES))
