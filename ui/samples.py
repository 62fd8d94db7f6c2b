"""The sample documents and the questions that go with them.

Enters: the folder of samples. Leaves: PDFs to index on a first start, example questions. Must not know: the index.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"
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
    return sorted(folder.glob("*.pdf"))


def offered(names: Collection[str], folder: Path = FOLDER) -> list[Sample]:
    """One answerable question of each sort about the documents of these names, and one that comes with a picture."""
    path = folder / QUESTIONS
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    samples = [_sample(row, folder) for row in rows if row["doc"] in names and row.get("answerable", True)]
    chosen = [next((s for s in samples if s.sort == sort and s.picture is None), None) for sort in SORTS]
    chosen.append(next((s for s in samples if s.picture is not None and s.picture.is_file()), None))
    return [sample for sample in chosen if sample is not None]


def _sample(row: dict[str, Any], folder: Path) -> Sample:
    kinds = row.get("kinds") or [""]
    image = row.get("image")
    return Sample(
        doc=row["doc"],
        question=row.get("question", ""),
        sort="scan" if "scan" in kinds else kinds[0],
        picture=folder / image if image else None,
    )
