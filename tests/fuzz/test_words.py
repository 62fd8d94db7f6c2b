"""Words from outside: of models, files and command lines. Whatever they are, there is an answer or an error of ours."""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from ingestion.arguments import natural, page_range
from ingestion.elements import well_formed
from rag.answering.citing.markers import MarkerStream
from rag.encoders.spec import parse
from rag.errors import BadSettings, RagError
from rag.evaluation.questionset import read_questions
from rag.export.plain import plain_text
from rag.llm.base import Piece, Thought
from rag.llm.refusals import read_refusal
from rag.llm.reply import Reply
from rag.llm.thoughts import apart, opened_before
from rag.storage.records.conversation_values import KeptTurn
from rag.storage.records.values_json import from_json
from rag.text.analysis import terms
from rag.types import Answer, Query
from ui.shown.safe import markdown, question

ALPHABET = "[]()【】［］^†`~*_#|<>!&\\ \n\t,;:.-–1234567890abcsource/page\u202e\u200b\U000e0041é水\x00\x1b"
PIECES = (
    "[1]", "[1, 2]", "[1-3]", "【1†source】", "[^1]", "[1](http://x.y)", "```", "`", "<think>", "</think>", "[THINK]",
    "<|channel|>analysis<|message|>", "<script>", "![x](//evil)", "javascript:", "|a|b|\n|-|-|\n", "$x_[1]$", "a[1]",
    "\n\n",
    "(see [1], [2] and [9])", "[[2]]", "[1, p. 4]", "<evidence>", "&#60;", "# ", "1. ", "> ", "***",
)  # fmt: skip
piece = st.one_of(st.sampled_from(PIECES), st.text(ALPHABET, max_size=12), st.text(max_size=6))
words = st.lists(piece, max_size=25).map("".join)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
TAG = re.compile(r"<\s*/?\s*([a-zA-Z!?][\w-]*)")
ALLOWED = {
    *("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "hr"),
    *("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "s", "a", "sup", "sub", "span", "div", "button"),
}


def split(text: str, places: list[int]) -> list[str]:
    cuts = sorted({place % (len(text) + 1) for place in places} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(cuts)]


@given(words, st.lists(st.integers(0, 500), max_size=30))
def test_markers_are_the_same_however_a_reply_is_cut(text: str, places: list[int]) -> None:
    whole = MarkerStream({1, 2})
    expected = whole.feed(text) + whole.close()
    stream = MarkerStream({1, 2})
    assert "".join(stream.feed(piece) for piece in split(text, places)) + stream.close() == expected
    again = MarkerStream({1, 2})
    assert again.feed(expected) + again.close() == expected or "`" in text or "~" in text


@given(words)
def test_what_is_drawn_has_tags_of_ours_alone(text: str) -> None:
    for drawn in (markdown(text, 1, {1: "supported", 2: "unsupported"}), question(text)):
        tags = {tag.lower() for tag in TAG.findall(drawn)}
        assert tags <= ALLOWED, tags - ALLOWED
        assert not re.search(r"\son\w+\s*=", re.sub(r">[^<]*<", "><", drawn))
    plain_text(text)


@given(words, st.lists(st.integers(0, 500), max_size=20))
def test_thoughts_and_answer_are_all_that_was_said(text: str, places: list[int]) -> None:
    pieces: list[Piece] = list(split(text, places))
    for told in (apart, opened_before):
        found = list(told(iter(pieces)))
        assert all(isinstance(piece, str | Thought) for piece in found)
    assert _joined(apart(iter(pieces))) == _joined(apart(iter([text])))


def _joined(pieces: Iterable[Piece]) -> tuple[str, str]:
    found = list(pieces)
    said = "".join(piece for piece in found if isinstance(piece, str))
    return said, "".join(piece.text for piece in found if isinstance(piece, Thought))


def shaped(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What looks like a chunk of a reply, any part of it something else."""
    content = inner | st.text(max_size=9) | st.lists(st.fixed_dictionaries({"type": inner, "text": inner}), max_size=2)
    said = st.fixed_dictionaries({}, optional={"content": content, "reasoning": inner, "reasoning_content": inner})
    choice = st.fixed_dictionaries(
        {}, optional={"delta": said | inner, "message": said | inner, "finish_reason": inner}
    )
    fields = {"choices": st.lists(choice | inner, max_size=3) | inner, "usage": inner, "error": inner}
    return st.fixed_dictionaries({}, optional=fields) | inner


@given(shaped(json_values))
def test_a_reply_of_any_shape_is_read(chunk: Any) -> None:
    for reader in (Reply().chunk, Reply().whole):
        pieces: Iterator[Piece] = reader(chunk)
        assert all(isinstance(piece, str | Thought) for piece in pieces)


@given(st.none() | st.integers(100, 599), st.text(max_size=200), json_values)
def test_a_refusal_of_any_shape_is_read(status: int | None, said: str, body: Any) -> None:
    read_refusal(status, said, body, "model", True)


@given(
    st.lists(
        st.one_of(json_values.map(json.dumps), st.text(max_size=30), shaped(json_values).map(json.dumps)), max_size=3
    )
)
def test_question_files_are_read_or_refused(lines: list[str]) -> None:
    _questions("\n".join(lines).encode(errors="surrogatepass"))


@given(st.dictionaries(
    st.sampled_from(["doc", "question", "image", "pages", "kinds", "boxes", "answer", "answerable", "history", "how"]),
    json_values | st.text(max_size=5) | st.lists(st.integers() | st.lists(st.floats(), max_size=5), max_size=3),
))  # fmt: skip
def test_questions_of_any_fields_are_read_or_refused(fields: dict[str, Any]) -> None:
    _questions(json.dumps({"doc": "a.pdf", "question": "q", **fields}).encode())


@given(st.binary(max_size=200))
def test_question_files_of_any_bytes_are_read_or_refused(data: bytes) -> None:
    _questions(data)


def _questions(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "questions.jsonl"
        path.write_bytes(data)
        with contextlib.suppress(BadSettings):
            read_questions(path)


@given(st.text("0123456789-–+ ٣x", max_size=30) | st.integers(1, 6000).map("9".__mul__) | st.text(max_size=9))
@example("9" * 4301)  # more digits than Python reads
@example("0" * 20 + "1")
def test_numbers_and_pages_of_a_command_are_read_or_refused(text: str) -> None:
    for read in (natural, page_range):
        try:
            assert read(text)
        except argparse.ArgumentTypeError:
            continue


@given(st.text("abc/.?&=%+ dimqueryalnprs128\x00é", max_size=60) | st.text(max_size=30))
def test_encoders_names_are_read_or_refused(text: str) -> None:
    try:
        spec = parse(text, "PAGESIGHT_WORDS")
    except RagError:
        return
    assert parse(str(spec), "PAGESIGHT_WORDS") == spec or "?" in spec.model


@given(json_values)
def test_what_was_kept_comes_back_as_something(kept: Any) -> None:
    assert isinstance(from_json(Answer, kept), Answer) and isinstance(from_json(KeptTurn, kept), KeptTurn)


@given(st.text(max_size=100))
def test_words_of_any_script_have_terms(text: str) -> None:
    assert all(isinstance(term, str) and term for term in terms(text, "en"))


@given(st.text(st.characters(), max_size=30) | st.text("\ud83d\ude00\udcff\ud800a", max_size=10))
def test_halves_of_characters_are_replaced_and_whole_ones_kept(text: str) -> None:
    found = well_formed(text)
    found.encode()
    assert well_formed(found) == found == Query(text).text
    if not any("\ud800" <= char <= "\udfff" for char in text):
        assert found == text
