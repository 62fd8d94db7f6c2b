"""What is kept of a conversation, as values: itself, its turns with their pictures, its title, and a turn as JSON."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from ingestion.elements import well_formed
from rag.storage.records.values_json import from_json, to_json
from rag.types import Answer, Evidence, Spot

TurnStatus = Literal["open", "done", "stopped", "failed"]
ASKED = "asked"  # name of the question's own picture; a cut-out's is the number of its citation
LONGEST_TITLE = 120  # characters
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls, marks of direction, halves of characters


class Conversation(NamedTuple):
    """``begun`` and ``changed`` (last turn) are UTC (ISO 8601), ``turns`` a count; ``deleted`` is when it was put into
    the trash, empty where it is not there. ``scope``: the turn whose picture later questions are about, or nothing."""

    id: str
    owner: str
    title: str
    begun: str
    changed: str
    deleted: str
    scope: str
    turns: int


class Picture(NamedTuple):
    """The bytes of a picture file, and their media type such as ``image/webp``."""

    data: bytes
    type: str


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question and what came of it. ``status`` is open while the answer is under way, or where the program ended;
    ``alive`` is when the program that writes it last said that it does (seconds since 1970, UTC).

    ``text`` is what was written, ``answer`` the whole answer where it was finished, ``evidence`` what was found,
    ``searched`` the seconds the search took, ``understood`` what was searched for where that is not the question as
    typed, ``error`` why it failed. ``docs`` are the documents that were searched, empty for all, of ``library``.
    ``picture_name`` is the name of the question's own picture; ``scope`` the turn whose picture it was asked about;
    ``spot`` the place that its own picture was cut out of.
    """

    id: str
    question: str
    at: str = ""
    status: TurnStatus = "open"
    text: str = ""
    answer: Answer | None = None
    evidence: tuple[Evidence, ...] = ()
    searched: float = 0.0
    understood: str = ""
    error: str = ""
    docs: tuple[str, ...] = ()
    library: int = 0
    as_typed: bool = False
    picture_name: str = ""
    scope: str = ""
    spot: Spot | None = None
    alive: float = 0.0
    pictures: frozenset[str] = field(default=frozenset(), metadata={"kept": "in a table of its own"})


def new_id() -> str:
    """For a conversation or a turn: cannot be guessed."""
    return uuid4().hex


def title_of(turn: KeptTurn) -> str:
    """What a conversation that begins with this turn is called."""
    return one_title(turn.question) or one_title(turn.picture_name and f"Picture {turn.picture_name}") or "Untitled"


def one_title(text: str) -> str:
    """On one line, without signs that cannot be seen, at most :data:`LONGEST_TITLE` characters."""
    seen = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNSEEN)
    line = " ".join(seen.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1].rstrip()}…"


def folded(text: str) -> str:
    """As it is compared: without case and accents."""
    apart = unicodedata.normalize("NFKD", well_formed(text).casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def turn_json(turn: KeptTurn) -> str:
    """Evidence once, and without the passages around each piece: they are only of use while an answer is made."""
    found = turn.answer.evidence if turn.answer else turn.evidence
    lean = tuple(replace(piece, beside=()) for piece in found)
    answer = replace(turn.answer, evidence=()) if turn.answer else None
    record = to_json(replace(turn, answer=answer, evidence=lean))
    kept = {k: v for k, v in record.items() if k not in ("id", "at", "pictures")}
    return well_formed(json.dumps(kept, ensure_ascii=False))


def turn_of(number: str, at: str, kept: str, pictures: frozenset[str]) -> KeptTurn:
    """A turn of its JSON; ``pictures`` are the names of those that are kept with it."""
    record: dict[str, Any] = json.loads(kept)
    turn = replace(from_json(KeptTurn, record), id=number, at=at, pictures=pictures)
    if turn.answer is None:
        return turn
    return replace(turn, answer=replace(turn.answer, evidence=turn.evidence))
