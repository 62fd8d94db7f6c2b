"""How good retrieval is: a question set is searched and scored; the gate compares two index generations with it.

Enters: an index, a file of questions with their evidence pages. Leaves: a report, and if wanted a file of hits.
Must not know: how hits are found.

A question file has one JSON object a line: ``question`` and/or ``image`` (a path relative to the file), ``doc`` (its
name), ``pages`` (1-based evidence pages, empty where there is no answer), ``kinds``, ``boxes`` (``page``, ``bbox`` in
points). Questions without evidence pages are searched, not scored. A page counts once, where it is first returned.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ingestion.elements import BBox
from ingestion.geometry import iou
from rag.errors import BadSettings
from rag.pictures import open_picture
from rag.retrieve import retrieve
from rag.types import Hit, Progress, Query

if TYPE_CHECKING:
    from rag.index import Index

Scope = Literal["doc", "library"]
DEPTH = 30  # hits asked for, so that ten different pages are among them
RECALL_AT = (1, 3, 5, 10)
REGION_AT = (1, 5, 10)
SAME_BOX = 0.5  # IoU from which a hit shows an evidence box
TOLERANCE = 0.005  # by which the gate lets a measure fall: less than one question in 200
GATE_MEASURES = ("R@5", "MRR@10", "region@5")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; ``line`` counts from 0."""

    line: int
    text: str
    image: Path | None
    doc: str
    pages: frozenset[int]
    kinds: tuple[str, ...]
    boxes: tuple[tuple[int, BBox], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one question: its hits, best first, where they are, and the seconds it took."""

    question: Question
    hits: tuple[Hit, ...]
    places: tuple[Place, ...]
    seconds: float


class Place(NamedTuple):
    """A hit's document name, page and box."""

    doc: str
    page: int
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Row:
    """Means of each measure over the questions of one scope and evidence kind (``all`` for every one)."""

    scope: Scope
    kind: str
    questions: int
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of a search at the median and the 95th percentile."""

    scope: Scope
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Report:
    """Printable; :meth:`as_json` is stable."""

    rows: tuple[Row, ...]
    latencies: tuple[Latency, ...]

    def row(self, scope: Scope, kind: str = "all") -> Row | None:
        return next((row for row in self.rows if (row.scope, row.kind) == (scope, kind)), None)

    def as_json(self) -> dict[str, Any]:
        rows = {f"{row.scope}/{row.kind}": {"n": row.questions, **_rounded(row.measures)} for row in self.rows}
        return {"measures": rows, "seconds": {x.scope: {"p50": x.p50, "p95": x.p95} for x in self.latencies}}

    def __str__(self) -> str:
        names = list(dict.fromkeys(name for row in self.rows for name in row.measures))
        lines = [f"{'':16}{'n':>5}" + "".join(f"{name:>10}" for name in names)] if self.rows else ["nothing to score"]
        for row in self.rows:
            values = "".join(f"{row.measures[n]:10.3f}" if n in row.measures else f"{'–':>10}" for n in names)
            lines.append(f"{f'{row.scope}/{row.kind}':16}{row.questions:5d}{values}")
        lines += [f"{x.scope}: p50 {x.p50 * 1000:.0f} ms, p95 {x.p95 * 1000:.0f} ms a question" for x in self.latencies]
        return "\n".join(lines)


def run(
    index: Index,
    questions_path: Path,
    scope: str = "both",
    hits_path: Path | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Search every question in its document (``doc``), in the whole library (``library``) or ``both``, and score.

    Raises :class:`BadSettings` for a file or scope that cannot be used, :class:`UnknownDocument` in the scope ``doc``.
    """
    scopes = _scopes(scope)
    questions = read_questions(questions_path)
    rows: list[Row] = []
    latencies: list[Latency] = []
    lines: list[str] = []
    for each in scopes:
        found = list(_search_all(index, questions, each, progress))
        lines += [_hits_line(entry, each) for entry in found]
        rows += score(found, each)
        latencies += _latency([entry.seconds for entry in found], each)
    if hits_path is not None:
        hits_path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return Report(tuple(rows), tuple(latencies))


def gate(questions_path: Path, progress: Callable[[Progress], None] | None = None) -> Callable[[Index, Index], bool]:
    """A check for reindexing: True where no measure of the new generation is worse than the live one's.

    Measures are :data:`GATE_MEASURES`, in both scopes, overall, with :data:`TOLERANCE`.
    """
    read_questions(questions_path)

    def accept(live: Index, candidate: Index) -> bool:
        before, after = (run(index, questions_path, "both", None, progress) for index in (live, candidate))
        return not worse(before, after)

    return accept


def worse(before: Report, after: Report) -> list[str]:
    """Names of the gate's measures that fell, like ``library R@5 0.690 → 0.641``."""
    fallen = []
    for scope in _scopes("both"):
        old, new = before.row(scope), after.row(scope)
        for name in GATE_MEASURES:
            was = old.measures.get(name, 0.0) if old else 0.0
            now = new.measures.get(name, 0.0) if new else 0.0
            if now < was - TOLERANCE:
                fallen.append(f"{scope} {name} {was:.3f} → {now:.3f}")
    return fallen


def read_questions(path: Path) -> list[Question]:
    """Raises :class:`BadSettings` naming the file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"The question file {path} cannot be read ({exc}); give a JSON lines file") from exc
    questions = []
    for number, line in enumerate(lines):
        try:
            questions.append(_question(number, json.loads(line), path.parent))
        except (ValueError, KeyError, TypeError, AttributeError) as exc:
            raise BadSettings(
                f"Line {number + 1} of {path} is no question ({type(exc).__name__}: {exc}); "
                'it must be like {"doc": "a.pdf", "question": "…", "pages": [3], "kinds": ["table"], "boxes": []}'
            ) from exc
    return questions


def _question(number: int, raw: dict[str, Any], folder: Path) -> Question:
    if not raw.get("question") and not raw.get("image"):
        raise ValueError("neither question nor image")
    return Question(
        line=number,
        text=raw.get("question") or "",
        image=folder / raw["image"] if raw.get("image") else None,
        doc=raw["doc"],
        pages=frozenset(int(page) for page in raw.get("pages", ())),
        kinds=tuple(dict.fromkeys([*raw.get("kinds", ()), *([raw["how"]] if raw.get("how") else [])])),
        boxes=tuple((int(box["page"]), BBox(*map(float, box["bbox"]))) for box in raw.get("boxes", ())),
    )


def _scopes(scope: str) -> tuple[Scope, ...]:
    known: dict[str, tuple[Scope, ...]] = {"doc": ("doc",), "library": ("library",), "both": ("doc", "library")}
    if scope not in known:
        raise BadSettings(f"The scope is {scope!r}; it can be doc, library or both")
    return known[scope]


def _search_all(
    index: Index, questions: Sequence[Question], scope: Scope, progress: Callable[[Progress], None] | None
) -> Iterator[Found]:
    names = {row.id: row.name for row in index.catalogue.documents()}
    ids = {question.doc: index.catalogue.find(question.doc).id for question in questions} if scope == "doc" else {}
    for done, question in enumerate(questions, 1):
        docs = frozenset([ids[question.doc]]) if scope == "doc" else None
        query = Query(question.text, open_picture(question.image) if question.image else None, docs=docs)
        if done == 1:
            retrieve(index, query, DEPTH)  # warm-up: models and files are opened by the first question
        started = time.perf_counter()
        hits = retrieve(index, query, DEPTH)
        seconds = time.perf_counter() - started
        places = tuple(Place(names[hit.chunk.doc], hit.chunk.page, hit.bbox) for hit in hits)
        yield Found(question, tuple(hits), places, seconds)
        if progress:
            progress(Progress("questions", f"searching ({scope})", done, len(questions)))


def _hits_line(found: Found, scope: Scope) -> str:
    hits = [
        {
            "doc": place.doc,
            "page": place.page,
            "kind": hit.chunk.kind,
            "bbox": [round(value, 1) for value in place.bbox],
            "score": round(hit.score, 6),
        }
        for hit, place in zip(found.hits, found.places, strict=True)
    ]
    record = {"id": found.question.line, "scope": scope, "seconds": round(found.seconds, 4), "hits": hits}
    return json.dumps(record, ensure_ascii=False)


# -- scores --------------------------------------------------------------------------------------------------------


def score(found: Sequence[Found], scope: Scope) -> list[Row]:
    """Means over all questions with evidence, then by evidence kind in alphabetical order."""
    groups: dict[str, list[dict[str, float]]] = defaultdict(list)
    for entry in found:
        if entry.question.pages:
            measures = measure(entry.question, entry.places)
            for kind in ("all", *entry.question.kinds):
                groups[kind].append(measures)
    order = sorted(groups, key=lambda kind: (kind != "all", kind))
    return [Row(scope, kind, len(groups[kind]), _means(groups[kind])) for kind in order]


def measure(question: Question, places: Sequence[Place]) -> dict[str, float]:
    """Recall, MRR, nDCG and cover of evidence pages among the first ten pages; region recall among the first hits."""
    gold = {(question.doc, page) for page in question.pages}
    pages = list(dict.fromkeys((doc, page) for doc, page, _ in places))[:10]
    right = [page in gold for page in pages]
    first = next((rank for rank, good in enumerate(right, 1) if good), None)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(gold), 10) + 1))
    gained = sum(1 / math.log2(rank + 1) for rank, good in enumerate(right, 1) if good)
    measures = {f"R@{k}": float(any(right[:k])) for k in RECALL_AT}
    measures |= {"MRR@10": 1 / first if first else 0.0, "nDCG@10": gained / ideal, "cover@10": sum(right) / len(gold)}
    if question.boxes:
        measures |= {f"region@{k}": float(any(shows(question, place) for place in places[:k])) for k in REGION_AT}
    return measures


def shows(question: Question, place: Place) -> bool:
    boxes = [box for page, box in question.boxes if page == place.page]
    return place.doc == question.doc and any(iou(place.bbox, box) >= SAME_BOX for box in boxes)


def _means(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {name: fmean(row[name] for row in rows if name in row) for name in names}


def _latency(seconds: Sequence[float], scope: Scope) -> list[Latency]:
    if not seconds:
        return []
    ordered = sorted(seconds)
    return [Latency(scope, ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))])]


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
