"""The local model on a tiny Idefics3 with random weights."""

import threading
from pathlib import Path

import pytest
from PIL import Image
from tiny_vision import save_tiny_vision

from rag.config import Settings
from rag.errors import ModelCutShort, ModelUnreachable
from rag.llm import open_llm
from rag.llm.base import Message
from rag.llm.local import LocalModel

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


def test_closing_the_stream_stops_the_model_and_frees_it(folder: Path) -> None:
    llm = LocalModel(str(folder), max_new_tokens=3000)
    stream = llm.stream(MESSAGES)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name == "local-model"]
    assert next(llm.stream(MESSAGES))


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreachable, match="image-text-to-text"):
        list(LocalModel(str(tmp_path / "nothing")).stream(MESSAGES))
