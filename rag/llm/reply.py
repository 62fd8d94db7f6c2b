"""The reply of a server taken apart, streamed or in one piece: words, thoughts, how it ended, what it cost.

Thoughts come as ``reasoning_content`` (llama.cpp, DeepSeek), ``reasoning`` (Ollama, LM Studio, vLLM), as parts of a
list (Mistral), or among the words themselves (:mod:`rag.llm.thoughts`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.llm.base import Piece, Thought
from rag.llm.chat_format import field, words_of


class Reply:
    """One reply while it is read.

    ``finish``: the reason for its end as the server gives it, None where there was none; ``begun``: whether anything
    like a reply has come; ``came``: whether words have, ``thought``: thoughts; ``prompt_tokens``: length of the prompt
    as the server counts it, None where it does not.
    """

    def __init__(self) -> None:
        self.finish: str | None = None
        self.begun = self.came = self.thought = False
        self.prompt_tokens: int | None = None

    def chunk(self, chunk: Any) -> Iterator[Piece]:
        """What the next piece of a stream brings."""
        self._count(chunk)
        choices = field(chunk, "choices")
        for choice in choices if isinstance(choices, list) else ():
            self.begun = True
            self.finish = _first_text(field(choice, "finish_reason")) or self.finish
            yield from self._said(field(choice, "delta") or field(choice, "message"))

    def whole(self, answer: Any) -> Iterator[Piece]:
        """What a reply in one piece brings."""
        self._count(answer)
        choices = field(answer, "choices")
        first = choices[0] if isinstance(choices, list) and choices else None
        if first is not None:
            self.begun = True
            self.finish = _first_text(field(first, "finish_reason")) or "stop"
            yield from self._said(field(first, "message"))

    def _said(self, said: Any) -> Iterator[Piece]:
        thought = _first_text(field(said, "reasoning_content"), field(said, "reasoning")) or _thoughts(said)
        if thought:
            self.thought = True
            yield Thought(thought)
        words = words_of(field(said, "content"))
        if words:
            self.came = True
            yield words

    def _count(self, answer: Any) -> None:
        counted = field(field(answer, "usage"), "prompt_tokens")
        if isinstance(counted, int) and counted > 0:
            self.prompt_tokens = counted


def _first_text(*values: Any) -> str:
    return next((value for value in values if isinstance(value, str) and value), "")


def _thoughts(said: Any) -> str:
    """Parts of the content that are thoughts, each a list of texts."""
    content = field(said, "content")
    parts = [part for part in content if field(part, "type") == "thinking"] if isinstance(content, list) else []
    inner = [field(part, "thinking") for part in parts]
    return "".join(each if isinstance(each, str) else words_of(each) for each in inner)
