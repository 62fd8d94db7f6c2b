"""A question file: what people ask, where the evidence stands, and what the answer is.

One JSON object per line. ``question`` and/or ``image`` (a path relative to the file) and ``doc`` (its document's name)
must be there; the rest may be:

- ``history``: the questions asked before, oldest first, which a follow-up leans on;
- ``pages`` (evidence pages from 1, each of which suffices; empty where there is no answer), ``boxes`` (``page``,
  ``bbox`` in points), ``kinds`` of evidence (text, table, figure, …);
- ``answer``: the right one in words, ``answer_format``: how it is looked for (Int, Float, Str, List; None, or left out,
  for a free answer); ``answerable``: false where the document has none; ``quote``: words of the evidence that say it,
  ``quote_in``: text, or image where they stand in a picture alone;
- ``style`` of asking (paraphrase, symptom, keyword, …), ``language`` of the question, ``doc_type`` (what sort of
  document it is), ``how`` (what was done to the picture).

Other fields are left alone.

    {"question": "What does E7 mean?", "doc": "manual.pdf", "pages": [12], "kinds": ["table"], "answer": "No water"}
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from ingestion.elements import BBox
from rag.answering.questions.kinds import kinds_of
from rag.errors import BadSettings

Family = Literal["all", "kind", "style", "how", "type", "direction", "format", "asks", "language"]
Item = TypeVar("Item")
FORMATS = ("Int", "Float", "Str", "List")  # of a right answer, by MMLongBench-Doc
PICTURES = frozenset({"figure", "chart", "table"})  # kinds of evidence that are looked at rather than read


class Slice(NamedTuple):
    """A part of the questions; ``family`` says by what they are parted."""

    family: Family
    name: str


EVERY = Slice("all", "all")


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a question file; ``line`` counts from 0. Texts that are not given are empty."""

    line: int
    text: str
    image: Path | None
    doc: str
    pages: frozenset[int]
    kinds: tuple[str, ...]
    boxes: tuple[tuple[int, BBox], ...]
    how: str = ""
    doc_type: str = ""
    history: tuple[str, ...] = ()
    answer: str = ""
    answerable: bool = True
    style: str = ""
    quote: str = ""
    quote_in: str = ""
    answer_format: str = ""
    language: str = ""

    @property
    def slices(self) -> tuple[Slice, ...]:
        """Every slice it belongs to, that of all questions first."""
        named = [("kind", kind) for kind in self.kinds]
        named += [("style", self.style or ("followup" if self.history else ""))]
        named += [("how", self.how), ("type", self.doc_type), ("direction", self._direction())]
        return EVERY, *(Slice(family, name) for family, name in named if name)  # type: ignore[arg-type]

    @property
    def answer_slices(self) -> tuple[Slice, ...]:
        """The same, and by what is answered: its format, what kind of thing is asked for, and the language of the
        question; both told from its words where the file does not say."""
        asked = kinds_of(self.text) if self.text else None
        named = [Slice("format", self.answer_format)]
        named += [Slice("asks", kind.replace("_", " ")) for kind in sorted(asked.kinds)] if asked else []
        named += [Slice("language", self.language or (asked.language if asked else ""))]
        return *self.slices, *(part for part in named if part.name)

    def _direction(self) -> str:
        """From what is asked with to what holds the evidence; empty where the kinds are not known."""
        if not self.kinds:
            return ""
        asked = " and ".join(name for name, given in (("words", self.text), ("picture", self.image)) if given)
        shown = [kind in PICTURES for kind in self.kinds]
        return f"{asked} → {'picture' if all(shown) else 'text and picture' if any(shown) else 'text'}"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one file; ``name`` tells it from the others it was read with."""

    name: str
    path: Path
    questions: tuple[Question, ...]


def read_sets(paths: Sequence[Path]) -> list[QuestionSet]:
    """The question sets of these files, each named by as much of its path as tells it from the others.

    Raises :class:`BadSettings` naming the file and line, or the file that is given twice.
    """
    whole = [path.resolve().parts for path in paths]
    twice = next((path for path, parts in zip(paths, whole, strict=True) if whole.count(parts) > 1), None)
    if twice is not None:
        raise BadSettings(f"The question file {twice} is given twice; each set counts once")
    names = ["/".join(parts[-_telling(parts, whole) :]) for parts in whole]
    return [QuestionSet(name, path, tuple(read_questions(path))) for name, path in zip(names, paths, strict=True)]


def _telling(own: tuple[str, ...], every: Sequence[tuple[str, ...]]) -> int:
    """How many of a path's last parts tell it from all others."""
    return next(n for n in range(1, len(own) + 1) if sum(parts[-n:] == own[-n:] for parts in every) == 1)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file. Raises :class:`BadSettings` naming the file, the line and the field."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadSettings(f"The question file {path} cannot be read ({exc}); give a JSON lines file") from exc
    questions = []
    for number, line in enumerate(lines):
        try:
            questions.append(_question(number, json.loads(line), path.parent))
        except (ValueError, RecursionError) as exc:
            raise BadSettings(
                f"Line {number + 1} of {path} is no question ({exc}); "
                'it must be like {"doc": "a.pdf", "question": "…", "pages": [3], "kinds": ["table"], "boxes": []}'
            ) from exc
    return questions


def _question(number: int, raw: object, folder: Path) -> Question:
    if not isinstance(raw, dict):
        raise ValueError(f"it is {_shown(raw)}, not an object")
    fields = _Fields(raw)
    text, image, pages = fields.text("question"), fields.text("image"), frozenset(fields.list_of("pages", _page))
    if not text.strip() and not image:
        raise ValueError("it has neither a question nor an image")
    if not fields.text("doc"):
        raise ValueError("it has no doc: the name of its document")
    return Question(
        line=number,
        text=text,
        image=folder / image if image else None,
        doc=fields.text("doc"),
        pages=pages,
        kinds=tuple(dict.fromkeys(fields.list_of("kinds", _words))),
        boxes=tuple(fields.list_of("boxes", _box)),
        how=fields.text("how"),
        doc_type=fields.text("doc_type"),
        history=tuple(fields.list_of("history", _words)),
        answer=fields.text("answer", numbers=True),
        answerable=fields.yes_or_no("answerable", default=True),
        style=fields.text("style"),
        quote=fields.text("quote"),
        quote_in=fields.text("quote_in"),
        answer_format=_format(fields.text("answer_format")),
        language=fields.text("language"),
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a line, each checked as it is taken; None is as good as left out."""

    raw: dict[str, Any]

    def text(self, name: str, numbers: bool = False) -> str:
        value = self.raw.get(name)
        if value is None:
            return ""
        if numbers and isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            raise ValueError(f"its {name} is {_shown(value)}, not a text")
        return value

    def yes_or_no(self, name: str, default: bool) -> bool:
        value = self.raw.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise ValueError(f"its {name} is {_shown(value)}, neither true nor false")
        return value

    def list_of(self, name: str, one: Callable[[object], Item]) -> list[Item]:
        value = self.raw.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise ValueError(f"its {name} is {_shown(value)}, not a list")
        try:
            return [one(item) for item in value]
        except ValueError as exc:
            raise ValueError(f"its {name}: {exc}") from exc


def _format(name: str) -> str:
    """A format as :data:`FORMATS` has it, in whatever case it is written; empty for a free answer."""
    known = {one.casefold(): one for one in FORMATS} | {"none": "", "": ""}
    if name.casefold() not in known:
        raise ValueError(f"its answer_format is {_shown(name)}; it can be {', '.join(FORMATS)} or None")
    return known[name.casefold()]


def _words(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{_shown(value)} is not a text")
    return value


def _page(value: object) -> int:
    number = int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
    number = int(number) if isinstance(number, float) and number.is_integer() else number
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ValueError(f"{_shown(value)} is not a page number from 1")
    return number


def _box(value: object) -> tuple[int, BBox]:
    box = value.get("bbox") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(box, list) or len(box) != len(BBox._fields):
        raise ValueError(f'{_shown(value)} is not like {{"page": 3, "bbox": [x0, y0, x1, y1]}}')
    if not all(isinstance(side, int | float) and math.isfinite(side) for side in box):
        raise ValueError(f"{_shown(box)} are not four numbers of points")
    return _page(value.get("page")), BBox(*map(float, box))


def _shown(value: object) -> str:
    """A value as JSON has it, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"
