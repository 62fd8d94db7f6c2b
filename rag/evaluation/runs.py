"""A run: what a search returned for every question of a set, as values and as a hits file.

A hits file has one JSON object per line: ``id`` (line of the question, from 0), ``scope``, ``seconds``, and ``hits``,
best first, each with ``doc``, ``page`` and, where known, ``kind``, ``bbox``, ``score``, ``channels`` (rank and score of
each by name). Earlier runs can so be compared without their index.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ingestion.elements import BBox
from rag.disk import disk_errors
from rag.errors import BadSettings
from rag.evaluation.metrics import HitLocation
from rag.evaluation.questionset import Question
from rag.types import ChannelScore, Hit

Scope = Literal["doc", "library"]
SCOPES: tuple[Scope, Scope] = ("doc", "library")
NOWHERE = BBox(0.0, 0.0, 0.0, 0.0)  # the box of a hit that is a page as a whole, without one


@dataclass(frozen=True, slots=True)
class RecordedHit:
    """A hit as a hits file has it."""

    place: HitLocation
    kind: str
    score: float
    channels: Mapping[str, ChannelScore] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a search returned for one question: its hits, best first, and the seconds it took."""

    question: Question
    hits: tuple[RecordedHit, ...]
    seconds: float

    @property
    def places(self) -> list[HitLocation]:
        """Where the hits stand, best first."""
        return [hit.place for hit in self.hits]


Run = Mapping[Scope, Sequence[QuestionResult]]


def recorded(hit: Hit, name: Callable[[str], str]) -> RecordedHit:
    """A hit with its document's name; numbers are rounded as in the file, so that both score the same."""
    box = BBox(*(round(value, 1) for value in hit.bbox))
    channels = {c: ChannelScore(s.rank, round(s.score, 6)) for c, s in hit.channels.items()}
    location = HitLocation(name(hit.chunk.doc), hit.chunk.page, box)
    return RecordedHit(location, hit.chunk.kind, round(hit.score, 6), channels)


def write_run(path: Path, run: Run) -> None:
    """Write a hits file. Raises what :func:`rag.disk.disk_errors` makes of a disk that is full or not writable."""
    lines = (json.dumps(_line(found, scope), ensure_ascii=False) for scope, every in run.items() for found in every)
    with disk_errors(path):
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_run(path: Path, questions: Sequence[Question]) -> Run:
    """The run that a hits file holds, for the questions it was written for.

    Of several lines for one question the first counts. Raises :class:`BadSettings` naming the file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"The hits file {path} cannot be read ({exc}); `rag eval --hits FILE` writes one") from exc
    by_line = {question.line: question for question in questions}
    run: dict[Scope, dict[int, QuestionResult]] = {scope: {} for scope in SCOPES}
    for number, line in enumerate(lines, 1):
        try:
            raw = json.loads(line)
            run[raw["scope"]].setdefault(raw["id"], _found(by_line[raw["id"]], raw))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as exc:
            raise BadSettings(
                f"Line {number} of {path} has no hits for one of the {len(questions)} questions "
                f"({type(exc).__name__}: {exc}); give the question file that the hits were written for"
            ) from exc
    return {scope: tuple(found.values()) for scope, found in run.items() if found}


def _line(found: QuestionResult, scope: Scope) -> dict[str, Any]:
    hits = [
        {
            "doc": hit.place.doc,
            "page": hit.place.page,
            "kind": hit.kind,
            "bbox": list(hit.place.bbox),
            "score": hit.score,
            "channels": {name: seen._asdict() for name, seen in hit.channels.items()},
        }
        for hit in found.hits
    ]
    return {"id": found.question.line, "scope": scope, "seconds": round(found.seconds, 4), "hits": hits}


def _found(question: Question, raw: Mapping[str, Any]) -> QuestionResult:
    hits = tuple(
        RecordedHit(
            HitLocation(hit["doc"], int(hit["page"]), BBox(*(hit.get("bbox") or NOWHERE))),
            hit.get("kind", ""),
            float(hit.get("score", 0.0)),
            {name: ChannelScore(**seen) for name, seen in hit.get("channels", {}).items()},
        )
        for hit in raw["hits"]
    )
    return QuestionResult(question, hits, float(raw.get("seconds", 0.0)))
