"""The sample documents and the questions that go with them.

Enters: the folder of samples. Leaves: PDFs to index on a first start, example questions. Must not know: Gradio, the index.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "sample_docs"
QUESTIONS = "questions.jsonl"
MOST_SHOWN = 4  # example cards that fit a phone


@dataclass(frozen=True, slots=True)
class Sample:
    question: str
    picture: Path | None = None


def pdfs(folder: Path = FOLDER) -> list[Path]:
    return sorted(folder.glob("*.pdf"))


def questions(folder: Path = FOLDER) -> list[Sample]:
    """The first questions of each sort marked for the app. Lines: ``{"question": …, "image": file or null, …}``."""
    path = folder / QUESTIONS
    if not path.is_file():
        return []
    samples = [_sample(json.loads(line), folder) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    pictured = [s for s in samples if s.picture is not None][:1]
    plain = [s for s in samples if s.picture is None and s.question][: MOST_SHOWN - len(pictured)]
    return [*plain, *pictured]


def _sample(row: dict[str, object], folder: Path) -> Sample:
    image = row.get("image")
    picture = folder / str(image) if image else None
    return Sample(str(row.get("question") or ""), picture if picture and picture.is_file() else None)
