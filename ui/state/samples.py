"""The sample documents, indexed on a first start, and the questions that go with them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "sample_docs"
QUESTIONS = "questions.jsonl"
SORTS = ("table", "figure", "scan")  # one example each, then one with a picture: four cards fit a phone


@dataclass(frozen=True, slots=True)
class Sample:
    """An example question. ``sort`` is what its answer is in; ``scan`` where that is a picture of a page."""

    doc: str
    question: str
    sort: str = ""
    picture: Path | None = None


def pdfs(folder: Path = FOLDER) -> list[Path]:
    """The sample documents, by name."""
    return sorted(folder.glob("*.pdf"))


def questions(folder: Path = FOLDER) -> list[Sample]:
    """All answerable questions about the samples."""
    path = folder / QUESTIONS
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_sample(row, folder) for row in rows if row.get("answerable", True)]


def offered(names: Collection[str], samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Of the questions about documents of these names, one of each sort and one that comes with a picture."""
    there = [sample for sample in samples if sample.doc in names]
    chosen = [next((s for s in there if s.sort == sort and s.picture is None), None) for sort in SORTS]
    chosen.append(next((s for s in there if s.picture is not None and s.picture.is_file()), None))
    return tuple(sample for sample in chosen if sample is not None)


def _sample(row: dict[str, Any], folder: Path) -> Sample:
    kinds = row.get("kinds") or [""]
    image = row.get("image")
    return Sample(
        doc=row["doc"],
        question=row.get("question", ""),
        sort="scan" if "scan" in kinds else kinds[0],
        picture=folder / image if image else None,
    )
