"""A run: what a search returned for every question of a set, as values and as a hits file.

A hits file has one JSON object per line: ``set`` (name of the question set), ``id`` (line of the question, from 0),
``scope``, ``seconds``, and ``hits``, best first, each with ``doc``, ``page`` and, where known, ``kind``, ``bbox``,
``score``, ``channels`` (rank and score of each by name). Where known there are also

- ``baseline``: the first pages (document, number) by the plain sum of the channels' reciprocal ranks;
- ``ranked``: how the evidence fared before it was ranked: the best rank of an evidence page in each channel, and
  whether one was a candidate at all;
- ``answer``: the answer's ``text``, whether it was ``refused``, the pages it ``cited``, the share of the evidence's
  ``quote`` that what it cites says, and the other fields of :class:`GivenAnswer`.

Earlier runs can so be compared without their index; files of earlier versions lack some of it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingestion.elements import BBox
from rag.disk import disk_errors
from rag.errors import BadSettings
from rag.evaluation.metrics import HitLocation
from rag.evaluation.questionset import Question, QuestionSet
from rag.types import ChannelScore, Hit

Scope = str
"""Where a question is searched for: ``doc`` (in its document), ``library``, or ``library of 3``: its document and two
others, drawn by chance but the same every time."""

SCOPES: tuple[Scope, Scope] = ("doc", "library")
PLACES = {"doc": "in the document", "library": "in the library"}
_SMALL = re.compile(r"library of ([1-9]\d{0,5})")
NOWHERE = BBox(0.0, 0.0, 0.0, 0.0)  # the box of a hit that is a page as a whole, without one


@dataclass(frozen=True, slots=True)
class RecordedHit:
    """A hit as a hits file has it."""

    place: HitLocation
    kind: str
    score: float
    channels: Mapping[str, ChannelScore] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BeforeRanking:
    """How the evidence fared before pages were ranked.

    ``channels`` are the best ranks, from 1, of an evidence page in each channel; channels that do not propose one are
    left out. ``candidate``: one of them was ranked at all.
    """

    channels: Mapping[str, int]
    candidate: bool


@dataclass(frozen=True, slots=True)
class CitedPlace:
    """A citation of an answer: its marker's ``number``, where it points to (the page from 1, the box in points), and
    whether the claim check found what is said there; ``support`` tells three cases apart, empty in older files."""

    number: int
    doc: str
    page: int
    bbox: BBox
    supported: bool
    support: str = ""


@dataclass(frozen=True, slots=True)
class GoldSeen:
    """Where the right answer stands (:mod:`rag.evaluation.gold`).

    In a text of the evidence ``pages``, in a piece of evidence that was ``shown``, in one that is ``cited``, and in a
    cited one that is on an evidence page (``there``)."""

    pages: bool
    shown: bool
    cited: bool
    there: bool


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What was answered, and the pages it cites.

    ``quoted`` is the share (0 to 1) of the evidence's quote that the cited passages say, None where the question has no
    quote in text. ``places`` are its citations in the order of first use, ``shown`` the pages of all pieces of
    evidence, best first, ``gold`` is None where the question has no right answer to look for. ``seconds`` is the time
    of the whole answer, ``searching`` the part of it until the evidence was there. ``sure`` is how sure the answer says
    it is, empty where it does not say; ``doubts`` counts sentences that state facts and cite nothing;
    ``processor`` are the processor's seconds without the search, which the load of the machine does not change much;
    ``failed`` is why the model gave no answer. What an earlier version did not note is None.
    """

    text: str
    refused: bool
    cited: tuple[tuple[str, int], ...]
    quoted: float | None = None
    places: tuple[CitedPlace, ...] | None = None
    shown: tuple[tuple[str, int], ...] | None = None
    gold: GoldSeen | None = None
    seconds: float | None = None
    searching: float | None = None
    sure: str = ""
    model: str = ""
    doubts: int | None = None
    processor: float | None = None
    failed: str = ""

    @property
    def writing(self) -> float | None:
        """Seconds of the answer without the search."""
        return None if self.seconds is None or self.searching is None else self.seconds - self.searching


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What a search returned for one question: its hits, best first, and the seconds it took.

    ``baseline`` are the first pages by the sum of the channels' reciprocal ranks, None where they are not known.
    """

    question: Question
    hits: tuple[RecordedHit, ...]
    seconds: float
    baseline: tuple[tuple[str, int], ...] | None = None
    ranked: BeforeRanking | None = None
    answer: GivenAnswer | None = None

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


def small_library(size: int) -> Scope:
    """The scope of a question's document and ``size - 1`` others."""
    return f"library of {size}"


def size_of(scope: Scope) -> int | None:
    """How many documents are searched; None for the whole library.

    Raises :class:`ValueError` for what is no scope.
    """
    small = _SMALL.fullmatch(scope)
    if scope not in SCOPES and not small:
        raise ValueError(f"{scope!r} is no scope")
    return int(small[1]) if small else 1 if scope == "doc" else None


def place_of(scope: Scope) -> str:
    """A scope in words."""
    return PLACES.get(scope, f"in a {scope}")


def write_runs(path: Path, runs: Mapping[str, Run]) -> None:
    """Write a hits file of the runs of several question sets, by the sets' names.

    Raises what :func:`rag.disk.disk_errors` makes of a disk that is full or not writable.
    """
    lines = (
        json.dumps({"set": name, **_line(found, scope)}, ensure_ascii=False)
        for name, run in runs.items()
        for scope, every in run.items()
        for found in every
    )
    with disk_errors(path):
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_runs(path: Path, sets: Sequence[QuestionSet]) -> dict[str, Run]:
    """The runs that a hits file holds of these question sets, by the sets' names.

    Lines without a set are those of the only one. Lines of other sets are passed over, but a file and a choice of one
    set each belong together whatever they are called. Of several lines for one question the first counts. Raises
    :class:`BadSettings` naming the file and line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"The hits file {path} cannot be read ({exc}); `rag eval --hits FILE` writes one") from exc
    rows = [_parsed(path, number, line) for number, line in enumerate(lines, 1)]
    owners = _owners(path, {row.get("set") for row in rows}, sets)
    by_line = {one.name: {question.line: question for question in one.questions} for one in sets}
    runs: dict[str, dict[Scope, dict[int, QuestionResult]]] = {one.name: {} for one in sets}
    for number, row in enumerate(rows, 1):
        name = owners.get(row.get("set"))
        if name is None:
            continue
        try:
            size_of(row["scope"])
            found = _found(by_line[name][row["id"]], row)
            runs[name].setdefault(row["scope"], {}).setdefault(row["id"], found)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as exc:
            raise BadSettings(
                f"Line {number} of {path} has no hits for one of the {len(by_line[name])} questions "
                f"({type(exc).__name__}: {exc}); give the question file that the hits were written for"
            ) from exc
    return {name: {scope: tuple(run[scope].values()) for scope in in_order(run)} for name, run in runs.items() if run}


def in_order(scopes: Iterable[Scope]) -> list[Scope]:
    """From the document to the whole library."""
    return sorted(set(scopes), key=lambda scope: (scope != "doc", size_of(scope) or math.inf))


def _parsed(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
        if not isinstance(row, dict) or not isinstance(row.get("set", ""), str):
            raise ValueError("not an object with hits")
    except (ValueError, RecursionError) as exc:
        raise BadSettings(
            f"Line {number} of {path} has no hits ({exc}); give a file that `rag eval --hits FILE` wrote"
        ) from exc
    return row


def _owners(path: Path, named: Set[str | None], sets: Sequence[QuestionSet]) -> dict[str | None, str]:
    """Names of sets as the file has them, to names of those given; a name may be longer or shorter by folders."""
    if len(sets) == 1 and len(named) == 1:
        return dict.fromkeys(named, sets[0].name)
    owners: dict[str | None, str] = {}
    for name in named:
        fitting = [one.name for one in sets if name is not None and _same(name, one.name)]
        if len(fitting) == 1:
            owners[name] = fitting[0]
        elif name is None or fitting:
            known = ", ".join(one.name for one in sets)
            raise BadSettings(
                f"The hits file {path} does not tell which lines belong to which of {known}; give one question file"
            )
    if named and not owners:
        held = ", ".join(sorted(name for name in named if name))
        raise BadSettings(f"The hits file {path} holds none of the question sets given, but {held}")
    return owners


def _same(one: str, other: str) -> bool:
    return one == other or one.endswith(f"/{other}") or other.endswith(f"/{one}")


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
    line = {"id": found.question.line, "scope": scope, "seconds": round(found.seconds, 4), "hits": hits}
    further = {
        "baseline": found.baseline,
        "ranked": found.ranked and asdict(found.ranked),
        "answer": found.answer and asdict(found.answer),
    }
    return line | {name: value for name, value in further.items() if value is not None}


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
    baseline, ranked, answer = (raw.get(name) for name in ("baseline", "ranked", "answer"))
    return QuestionResult(
        question,
        hits,
        float(raw.get("seconds", 0.0)),
        None if baseline is None else _pages(baseline),
        None if ranked is None else BeforeRanking(**ranked),
        None if answer is None else _answer(answer),
    )


def _answer(raw: Mapping[str, Any]) -> GivenAnswer:
    places, shown, gold = (raw.get(name) for name in ("places", "shown", "gold"))
    return GivenAnswer(
        **{
            **raw,
            "cited": _pages(raw["cited"]),
            "places": None
            if places is None
            else tuple(CitedPlace(**{**place, "bbox": BBox(*place["bbox"])}) for place in places),
            "shown": None if shown is None else _pages(shown),
            "gold": None if gold is None else GoldSeen(**gold),
        }
    )


def _pages(raw: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((doc, int(page)) for doc, page in raw)
