"""A question file: what people ask, and where the evidence stands.

One JSON object per line: ``question`` and/or ``image`` (a path relative to the file), ``doc`` (its name), ``pages``
(1-based evidence pages, empty where there is no answer), ``kinds`` of evidence, ``boxes`` (``page``, ``bbox`` in
points), and if wanted ``doc_type`` (what sort of document it is) and ``how`` (what was done to the picture).

    {"question": "What does E7 mean?", "doc": "manual.pdf", "pages": [12], "kinds": ["table"]}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ingestion.elements import BBox
from rag.errors import BadSettings

Family = Literal["all", "kind", "how", "type", "direction"]
PICTURES = frozenset({"figure", "chart", "table"})  # kinds of evidence that are looked at rather than read


class Slice(NamedTuple):
    """A part of the questions; ``family`` says by what they are parted."""

    family: Family
    name: str


EVERY = Slice("all", "all")


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
    how: str = ""
    doc_type: str = ""

    @property
    def slices(self) -> tuple[Slice, ...]:
        """Every slice it belongs to, that of all questions first."""
        named = [("kind", kind) for kind in self.kinds]
        named += [("how", self.how), ("type", self.doc_type), ("direction", self._direction())]
        return EVERY, *(Slice(family, name) for family, name in named if name)  # type: ignore[arg-type]

    def _direction(self) -> str:
        """From what is asked with to what holds the evidence; empty where the kinds are not known."""
        if not self.kinds:
            return ""
        asked = " and ".join(name for name, given in (("words", self.text), ("picture", self.image)) if given)
        shown = [kind in PICTURES for kind in self.kinds]
        return f"{asked} → {'picture' if all(shown) else 'text and picture' if any(shown) else 'text'}"


def read_questions(path: Path) -> list[Question]:
    """The questions of a file. Raises :class:`BadSettings` naming the file and line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"The question file {path} cannot be read ({exc}); give a JSON lines file") from exc
    questions = []
    for number, line in enumerate(lines):
        try:
            questions.append(_question(number, json.loads(line), path.parent))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as exc:
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
        kinds=tuple(dict.fromkeys(raw.get("kinds", ()))),
        boxes=tuple((int(box["page"]), BBox(*map(float, box["bbox"]))) for box in raw.get("boxes", ())),
        how=raw.get("how") or "",
        doc_type=raw.get("doc_type") or "",
    )
