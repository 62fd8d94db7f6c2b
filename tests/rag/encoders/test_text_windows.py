"""Long texts cut into pieces that an encoder reads whole."""

from __future__ import annotations

import pytest
from llama_index.core.utils import GlobalsHelper

from rag.encoders.text_windows import TextSplitter, word_window


def test_sentences_are_found_without_the_splitters_own_data(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: GlobalsHelper) -> None:
        raise PermissionError("refusing multiply-linked file")

    monkeypatch.setattr(GlobalsHelper, "punkt_tokenizer", property(refused))
    sentences = [f"Open valve {number} by a quarter turn." for number in range(40)]
    pieces = TextSplitter([word_window(20)]).split(" ".join(sentences))
    assert len(pieces) == 20 and all(piece.startswith("Open") and piece.endswith("turn.") for piece in pieces)
    assert " ".join(pieces) == " ".join(sentences)
