"""Question files of one's own: from thumbs in the app, and from the library itself.

Pictures are written into a folder beside the file that bears its name: ``mine.jsonl`` and ``mine-pictures/``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rag.disk import disk_errors, write_whole
from rag.errors import UnknownDocument
from rag.evaluation.made_questions import MadeQuestion
from rag.storage.records.feedback import Vote

DIGITS = 1  # decimals of a box, in points
Name = Callable[[str], str]
Json = dict[str, Any]


class QuestionLine(NamedTuple):
    """One question; ``picture`` is written beside the file, with this ``suffix``."""

    fields: Json
    picture: bytes | None = None
    suffix: str = ""


def lines_of_votes(votes: Iterable[Vote], name: Name, down: bool) -> tuple[list[QuestionLine], int]:
    """Questions of thumbs, and how many were left out because no document they rest on is there any more.

    A thumb up makes what the answer cited the evidence: of the document that it cites most. With ``down``, answers
    that were voted down are asked too, without evidence: they are searched, not scored.
    """
    lines, lost = [], 0
    for vote in votes:
        if vote.liked or down:
            line = _of_vote(vote, name)
            lines += [line] if line else []
            lost += line is None
    return lines, lost


def _of_vote(vote: Vote, name: Name) -> QuestionLine | None:
    names = {doc: found for doc in (*(c.doc for c in vote.cited), *vote.docs) if (found := _known(doc, name))}
    times = Counter(c.doc for c in vote.cited if c.doc in names)
    owner = max(times, key=lambda doc: times[doc]) if times else next(iter(names), None)
    if owner is None or (vote.liked and not times):
        return None
    cited = [c for c in vote.cited if c.doc == owner] if vote.liked else []
    fields: Json = {
        "question": vote.question,
        "doc": names[owner],
        "pages": sorted({c.page for c in cited}),
        "kinds": sorted({"text" if c.kind == "page" else c.kind for c in cited}),
        "boxes": [_box(c.page, c.bbox) for c in cited if c.kind != "page"],
        "how": "thumb up" if vote.liked else "thumb down",
    }
    return QuestionLine(fields, vote.picture, ".png" if (vote.picture or b"").startswith(b"\x89PNG") else ".jpg")


def _known(doc: str, name: Name) -> str:
    try:
        return name(doc)
    except UnknownDocument:
        return ""


def lines_of_made(made: Iterable[MadeQuestion]) -> list[QuestionLine]:
    """Questions made from the library, as lines of a question file."""
    return [
        QuestionLine(
            {
                "question": one.text,
                "doc": one.doc,
                "pages": [one.page],
                "kinds": [one.kind],
                "boxes": [_box(one.page, one.bbox)],
                "how": one.way,
            },
            one.picture,
            ".jpg",
        )
        for one in made
    ]


def write_questions(path: Path, lines: Sequence[QuestionLine]) -> None:
    """Write the file, and its pictures into a folder of its name."""
    folder = path.with_name(f"{path.stem}-pictures")
    written = []
    for number, line in enumerate(lines, 1):
        fields = dict(line.fields)
        if line.picture is not None:
            picture = folder / f"{number:04d}{line.suffix}"
            with disk_errors(picture):
                picture.parent.mkdir(parents=True, exist_ok=True)
                picture.write_bytes(line.picture)
            fields["image"] = picture.relative_to(path.parent).as_posix()
        written.append(json.dumps(fields, ensure_ascii=False))
    write_whole(path, "".join(f"{line}\n" for line in written).encode())


def _box(page: int, bbox: Sequence[float]) -> Json:
    return {"page": page, "bbox": [round(value, DIGITS) for value in bbox]}
