"""A question of a set as the app would ask it: with what it leans on, where it is to be searched for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rag.errors import BadSettings
from rag.evaluation.questionset import Question
from rag.evaluation.runs import Scope, size_of
from rag.images import open_picture
from rag.retrieval.followup import interpret
from rag.retrieval.small_talk import without_small_talk
from rag.types import Channel, Query

if TYPE_CHECKING:
    from rag.encoders.base import Encoder
    from rag.storage.reader import IndexReader


def searched_words(question: Question, encoder: Encoder | None = None) -> str:
    """The words that are searched for: without small talk, where an ``encoder`` tells it, a follow-up's with what it
    takes from the questions before."""
    text = without_small_talk(question.text, encoder) if encoder is not None else question.text
    return interpret(question.history, text, question.image is not None)


def query_of(
    question: Question,
    docs: frozenset[str] | None,
    without: frozenset[Channel] = frozenset(),
    interpreted: bool = True,
    encoder: Encoder | None = None,
) -> Query:
    """The query, confined to documents by their ids; not ``interpreted`` for who interprets a follow-up himself.

    ``encoder``: that of the index, as in :func:`searched_words`.

    Raises :class:`~ingestion.errors.UnreadableImage` where its picture cannot be opened.
    """
    words = searched_words(question, encoder) if interpreted else question.text
    return Query(words, open_picture(question.image) if question.image else None, docs, without=without)


def documents_of(index: IndexReader, question: Question, scope: Scope) -> frozenset[str] | None:
    """The ids of the documents that a scope confines a question to; None for the whole library.

    The others of a small library are drawn by chance, but the same ones every time: those of a library of 3 are also in
    that of 10, for this question. Raises :class:`~rag.errors.UnknownDocument`.
    """
    size = size_of(scope)
    if size is None:
        return None
    own = index.catalogue.find(question.doc)
    others = (row for row in index.catalogue.documents() if row.id != own.id) if size > 1 else ()
    drawn = sorted(others, key=lambda row: _lot(question, row.name))[: size - 1]
    return frozenset([own.id, *(row.id for row in drawn)])


def check_sizes(index: IndexReader, scopes: Iterable[Scope]) -> None:
    """Raise :class:`BadSettings` for a small library that needs more documents than there are."""
    have = len(index.catalogue.documents())
    for scope in scopes:
        wanted = size_of(scope)
        if wanted is not None and wanted > have:
            raise BadSettings(f"A {scope} cannot be drawn: the index has {have} documents; ask for smaller libraries")


def _lot(question: Question, name: str) -> str:
    return hashlib.sha256(f"{question.line}\n{question.doc}\n{name}".encode()).hexdigest()
