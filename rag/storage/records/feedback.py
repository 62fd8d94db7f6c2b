"""Votes for answers, thumbs up or down, in the catalogue.

A vote holds all that a question set needs: the question, the documents that were searched, what the answer cited.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.elements import BBox
from rag.storage.records.catalogue import Catalogue
from rag.storage.tables.connections import in_parts
from rag.storage.tables.database import utc_now


class Cited(NamedTuple):
    """What an answer rests on: a document's id, a page, a box in points, the kind of evidence."""

    doc: str
    page: int
    bbox: BBox
    kind: str


class Vote(NamedTuple):
    """``id`` names the answer: a second vote for it replaces the first. ``picture``: the bytes it was asked with.

    ``docs`` are the ids of the documents that were searched, empty for the whole library.
    """

    id: str
    liked: bool
    question: str
    answer: str
    cited: tuple[Cited, ...]
    docs: tuple[str, ...] = ()
    picture: bytes | None = None
    at: str = ""


_COLUMNS = "id, at, liked, question, answer, picture, docs, cited"


def save(catalogue: Catalogue, vote: Vote) -> None:
    """Keep a vote, with the present time; an earlier one for the same answer is replaced."""
    with catalogue.writing() as db:
        docs, cited = json.dumps(vote.docs), json.dumps([tuple(c) for c in vote.cited])
        values = (vote.id, utc_now(), int(vote.liked), vote.question, vote.answer, vote.picture, docs, cited)
        db.execute("DELETE FROM feedback WHERE id = ?", (vote.id,))
        db.execute(f"INSERT INTO feedback({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?)", values)


def withdraw(catalogue: Catalogue, vote_id: str) -> None:
    """Forget the vote for an answer; one that was not given is no error."""
    with catalogue.writing() as db:
        db.execute("DELETE FROM feedback WHERE id = ?", (vote_id,))


def given(catalogue: Catalogue, vote_ids: Sequence[str]) -> dict[str, bool]:
    """Whether the votes with these ids, where there are any, were thumbs up."""
    if not vote_ids or not catalogue.has_table("feedback"):
        return {}
    with catalogue.reading() as db:
        rows = in_parts(db, "SELECT id, liked FROM feedback WHERE id IN", list(dict.fromkeys(vote_ids)))
        return {str(number): bool(liked) for number, liked in rows}


def votes(catalogue: Catalogue) -> list[Vote]:
    """All votes, the oldest first."""
    if not catalogue.has_table("feedback"):
        return []
    with catalogue.reading() as db:
        sql = "SELECT id, liked, question, answer, cited, docs, picture, at FROM feedback ORDER BY at, rowid"
        return [_vote(row) for row in db.execute(sql)]


def _vote(row: Sequence[object]) -> Vote:
    number, liked, question, answer, cited, docs, picture, at = row
    places = tuple(Cited(doc, page, BBox(*box), kind) for doc, page, box, kind in json.loads(str(cited)))
    searched = tuple(json.loads(str(docs)))
    shown = bytes(picture) if isinstance(picture, bytes) else None
    return Vote(str(number), bool(liked), str(question), str(answer), places, searched, shown, str(at))
