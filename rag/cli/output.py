"""What the command line prints: values as JSON objects (a stable format) and as lines for people."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ingestion.elements import BBox, PageProblem, lines_file
from ingestion.text.cleaning import printable
from rag.config import Settings
from rag.storage.records.catalogue import DocumentRow
from rag.types import Answer, Citation, Evidence, Hit

Json = dict[str, Any]
Command = Callable[[argparse.Namespace, Settings], int]
"""What a command does with its arguments; its exit code."""
Name = Callable[[str], str]
"""A document's id to its name."""
Picture = Callable[[str, str], Path]
"""A document's id and a relative image to a path."""

EXCERPT = 200  # characters of a hit's text on the terminal
DIGITS = 1  # decimals of a box, in points


def hit_json(hit: Hit, name: Name, picture: Picture) -> Json:
    """A hit as ``search --json`` prints it; ``bbox`` in points from the top left of the page."""
    chunk = hit.chunk
    return {
        "doc": name(chunk.doc),
        "page": chunk.page,
        "kind": chunk.kind,
        "bbox": box(hit.bbox),
        "text": chunk.text,
        "caption": chunk.caption,
        "image": str(picture(chunk.doc, chunk.image)) if chunk.image else None,
        "score": round(hit.score, 6),
        "also": [{"doc": name(spot.doc), "page": spot.page, "bbox": box(spot.bbox)} for spot in hit.also],
        "channels": {c: {"rank": s.rank, "score": round(s.score, 6)} for c, s in hit.channels.items()},
    }


def answer_json(answer: Answer, name: Name, picture: Picture) -> Json:
    """An answer as ``ask --json`` prints it."""
    return {
        "answer": answer.text,
        "understood": answer.understood or None,
        "refused": answer.refused,
        "model": answer.model,
        "citations": [_citation_json(c, answer, name, picture) for c in answer.citations],
        "dropped_markers": answer.dropped_markers,
        "seconds": round(answer.seconds, 3),
        "notice": answer.notice,
        "failed": answer.failed or None,
        "doubts": [doubt._asdict() for doubt in answer.doubts],
    }


def document_json(row: DocumentRow) -> Json:
    """A document as ``list --json`` prints it."""
    return {**row._asdict(), "problems": problems_json(row.problems)}


def problems_json(problems: Sequence[PageProblem]) -> list[Json]:
    """What went wrong while a document was read; page 0 stands for the whole of it."""
    return [{"page": problem.page, "stage": problem.stage, "message": problem.message} for problem in problems]


def hit_lines(number: int, hit: Hit, name: Name) -> list[str]:
    """`1. manual.pdf p. 4 table (x0, y0, x1, y1) caption`, which searches found it, and the start of its text."""
    chunk = hit.chunk
    place = f"{name(chunk.doc)} p. {chunk.page} {chunk.kind} {corners(hit.bbox)}"
    ranks = ", ".join(f"{channel} {score.rank}" for channel, score in hit.channels.items())
    excerpt = textwrap.shorten(chunk.text, EXCERPT, placeholder=" …")
    head = f"{number}. {place} {one_line(chunk.caption)}".rstrip()
    also = f"also: {', '.join(f'{name(spot.doc)} p. {spot.page}' for spot in hit.also)}" if hit.also else ""
    return [head, *(f"     {line}" for line in (excerpt, also, f"score {hit.score:.3f}; rank by {ranks}") if line)]


def citation_line(citation: Citation, answer: Answer, name: Name, picture: Picture) -> str:
    """`[1] manual.pdf p. 4 table (x0, y0, x1, y1) caption – image path`."""
    time = next((piece.time for piece in answer.evidence if piece.number == citation.number), "")
    where = time or f"p. {citation.page}"
    place = f"[{citation.number}] {name(citation.doc)} {where} {citation.kind} {corners(citation.bbox)}"
    shown = _picture_of(citation, answer, picture)
    if shown and not Path(shown).is_file():
        shown = f"its picture is missing ({shown}): `python -m rag doctor --repair` draws it again"
    doubt = "" if citation.support == "supported" and citation.supported else f" ({_doubt(citation)})"
    return " – ".join(filter(None, (f"{place} {one_line(citation.caption)}".rstrip(), shown))) + doubt


def _doubt(citation: Citation) -> str:
    if citation.supported:
        return f"weak: {citation.doubt}"
    return f"not confirmed: {citation.doubt or 'the evidence does not contain what the sentence says'}"


def document_table(rows: list[DocumentRow]) -> list[str]:
    """One line per document, with its counts and the start of its id."""
    width = max((len(row.name) for row in rows), default=0)
    return [
        f"{row.id[:12]}  {row.name:<{width}}  {count(row.pages, 'page')}, {count(row.figures, 'figure')}, "
        f"{count(row.tables, 'table')}" + (f", {count(len(row.problems), 'problem')}" if row.problems else "")
        for row in rows
    ]


def box(bbox: BBox) -> list[float]:
    """A box for JSON: x0, y0, x1, y1 in points, rounded."""
    return [round(value, DIGITS) for value in bbox]


def corners(bbox: BBox) -> str:
    """A box for people: ``(54, 120, 541, 300)``."""
    return f"({', '.join(f'{value:.0f}' for value in bbox)})"


def count(number: int, thing: str) -> str:
    """``1 page``, ``1,200 pages``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


def say(value: Json, lines: Iterable[str], as_json: bool) -> None:
    """A result on stdout: as JSON one object, otherwise the lines for people."""
    if as_json:
        say_json(value)
    else:
        put("\n".join(lines) + "\n")


def say_json(value: Json) -> None:
    """One object, on one line of stdout."""
    print(json.dumps(value, ensure_ascii=False), flush=True)


def remark(text: str) -> None:
    """A line beside the results."""
    print(printable(text), file=sys.stderr, flush=True)


def put(text: str) -> None:
    """A piece of text for people on stdout, as it comes."""
    print(printable(text), end="", flush=True)


def _citation_json(citation: Citation, answer: Answer, name: Name, picture: Picture) -> Json:
    return {
        "number": citation.number,
        "doc": name(citation.doc),
        "page": citation.page,
        "bbox": box(citation.bbox),
        "kind": citation.kind,
        "caption": citation.caption,
        "quote": citation.quote,
        "image": _picture_of(citation, answer, picture),
        "supported": citation.supported,
        "support": citation.support,
        "doubt": citation.doubt,
        "highlights": [{"page": region.page, "bbox": box(region.bbox)} for region in citation.highlights],
    }


def _picture_of(citation: Citation, answer: Answer, picture: Picture) -> str | None:
    """The cited piece's crop, else the picture of its page."""
    if citation.image:
        path = Path(citation.image)
        return str(path if path.is_absolute() else picture(citation.doc, citation.image))
    cited: Evidence | None = next((e for e in answer.evidence if e.number == citation.number), None)
    if cited is None or cited.page_image is None:
        return None
    if citation.page == cited.chunk.page:
        return str(cited.page_image)
    other = cited.page_image.with_stem(Path(lines_file(citation.page)).stem)  # the piece goes on on another page
    return str(other) if other.exists() else None
