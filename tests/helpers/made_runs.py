"""Runs made of literals: questions of many documents and where their evidence pages stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ingestion.elements import BBox
from rag.evaluation.metrics import HitLocation
from rag.evaluation.questionset import Question, QuestionSet
from rag.evaluation.runs import QuestionResult, RecordedHit, Run, Scope, read_runs, write_runs
from rag.types import ChannelScore

BOX = BBox(0.0, 0.0, 100.0, 100.0)
RIGHT = 7  # the evidence page of every question


def ask(line: int, kinds: Sequence[str] = ("text",), doc: str = "", picture: bool = False, kind: str = "") -> Question:
    """A question about page 7 of its own document unless one is named."""
    image = Path(f"{line}.png") if picture else None
    name = doc or f"{line}.pdf"
    return Question(
        line, "" if picture else f"question {line}", image, name, frozenset([RIGHT]), tuple(kinds), (), doc_type=kind
    )


def hit(doc: str, page: int, channels: Mapping[str, int] | None = None, box: BBox = BOX) -> RecordedHit:
    scores = {name: ChannelScore(rank, 1.0) for name, rank in (channels or {}).items()}
    return RecordedHit(HitLocation(doc, page, box), "text", 1.0, scores)


def answered(question: Question, rank: int | None, seconds: float = 0.01, **channels: int) -> QuestionResult:
    """Twelve pages, the evidence page at ``rank``; it has these ranks in the channels."""
    right = min(question.pages, default=RIGHT)
    pages = [page for page in range(1, 14) if page != right][:12]
    hits = [hit(question.doc, page) for page in pages]
    if rank is not None:
        hits[rank - 1] = hit(question.doc, right, channels)
    return QuestionResult(question, tuple(hits), seconds)


def run(found: Sequence[QuestionResult], scope: Scope = "library") -> Run:
    return {scope: tuple(found)}


def write_run(path: Path, run: Run) -> None:
    """A hits file of a single set."""
    write_runs(path, {"questions": run})


def read_run(path: Path, questions: Sequence[Question]) -> Run:
    """What a hits file holds of a single set."""
    return read_runs(path, [QuestionSet("questions", path, tuple(questions))]).get("questions", {})
