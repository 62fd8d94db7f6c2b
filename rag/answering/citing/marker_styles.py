"""Ways of citing beside ``[1]``, rewritten to it where nothing else can be meant.

``(1)`` at a sentence's end, ``(evidence 1)``, "evidence 1" in words, a raised ¹, ``【4:0†manual.pdf】``,
``<cite>1</cite>``, ``<evidence n="1">…</evidence>``, ``[manual.pdf, p. 12]``. Numbers of given evidence only; none that
the evidence itself writes so (a part "(7)" of a figure, a footnote's ¹), and ``(1)`` only while no ``[1]`` was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from rag.types import Evidence

_LIST = r"\d{1,3}(?:\s?(?:,|&|and|und|et)\s?\d{1,3}){0,5}"
_STYLE = re.compile(
    rf"<cite(?:\s[^<>]{{0,60}})?>\s?\[?(?P<cite>{_LIST})\]?\s?</cite>"
    r"|<(?:evidence|cite|source|ref)\s(?:n|id|number|index)\s?=\s?[\"']?(?P<opens>\d{1,3})[\"']?[^<>]{0,300}?(?P<alone>/?)>"
    r"|(?P<closes></(?:evidence|cite|source|ref)>)"
    rf"|\((?:(?:see|siehe|cf\.?|voir)\s)?(?:evidence|sources?|documents?|docs?|belege?|quellen?)"
    rf"\s?[:#]?\s?(?P<worded>{_LIST})\)"
    rf"|(?<!\w)evidence\s(?:no\.?\s|#\s?)?(?P<said>{_LIST})(?![\w%°]|[.,]\d)"
    r"|(?<=[^\W\d_]{3} )\((?P<bare>\d{1,2}(?:,\s?\d{1,2}){0,5})\)(?=\s?[.;:!?]|\s*$)"
    r"|(?:(?<=[^\W\d_]{3})|(?<=[.!?;:)”\"]))(?P<raised>[¹²³⁴-⁹])(?![\w⁰¹²³⁴-⁹])"
    r"|【(?P<turn>\d{1,3}):\d{1,3}†(?P<file>[^【】]{0,80})】"
    r"|[\[(](?P<name>[^\[\]()|]{1,80}\.pdf),?\s?(?:pp?\.|pages?|S\.|Seite)\s?(?P<page>\d{1,4})[^\[\]()]{0,20}[\])]",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"(?:<cite[^<>]{0,60}>[^<>]{0,40}(?:<[^<>]{0,8})?|<[^<>]{0,340}|"
    r"[\[(【][^\[\]()【】<>]{0,110}|[^\W\d_] \(\d[\d, ]{0,12}\)\s?"
    r"|(?<!\w)e(?:v(?:i(?:d(?:e(?:n(?:ce?)?)?)?)?)?)?"
    r"|(?<!\w)evidence\s[\w.#,& ]{0,30}|.[¹²³⁴-⁹]|\s)$",
    re.IGNORECASE,
)
_TAIL = 400  # characters at a line's end in which a style may be unfinished
_NUMBERED = re.compile(
    r"(?:figures?|fig|tables?|steps?|items?|equations?|eq|no|number|numbers|parts?|pages?|versions?|sections?|notes?|type|"
    r"abbildung|bild|tabelle|schritt|teil|nummer|seite|position|pos|two|three|four|five|six|seven|eight|nine|ten)\s$",
    re.IGNORECASE,
)
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")
_MOST_OF_PAGE = 2
"""Pieces of evidence on one page that a file and page can stand for."""


class Given(NamedTuple):
    """The evidence that a reply may cite: numbers, the piece of each file and page, and what its texts write so."""

    places: dict[tuple[str, int], tuple[int, ...]]
    files: dict[str, tuple[int, ...]]
    words: str

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> Given:
        """Of numbered pieces."""
        places: dict[tuple[str, int], tuple[int, ...]] = {}
        files: dict[str, tuple[int, ...]] = {}
        for piece in evidence:
            name = piece.doc_name.casefold()
            files[name] = (*files.get(name, ()), piece.number)
            for page in dict.fromkeys(region.page for region in piece.chunk.regions):
                places[name, page] = (*places.get((name, page), ()), piece.number)
        return cls(places, files, "\n".join(e.text for e in evidence).casefold())


def restyled(
    line: str, masked: str, known: Collection[int], given: Given, opened: tuple[int, ...], bracketed: bool, end: int
) -> tuple[str, tuple[int, ...], int]:
    """``line[:end]`` with other styles as ``[n]``, the tags that are open there, and ``end``.

    That is less where a style goes on behind it. ``masked`` is the line with its code filled out; ``bracketed``: a
    marker ``[n]`` stood in an earlier line.
    """
    out, at = "", 0
    for match in _STYLE.finditer(masked):
        if match.end() > end:
            end = min(end, match.start())
            break
        if match["bare"] and (bracketed or re.search(r"\[\d{1,3}\]", masked[: match.start()])):
            continue
        numbers, opened_now = _numbers(match, masked, given, opened)
        if numbers is None or not all(number in known for number in numbers):
            continue
        opened = opened_now
        out += line[at : match.start()]
        marker = "".join(f"[{number}]" for number in numbers)
        if marker and match["closes"] and out and not out[-1].isspace():
            marker = f" {marker}"
        out += marker
        at = match.end()
    return out + line[at:end], opened, end


def unfinished(masked: str) -> int:
    """Where a style begins that a later piece may still finish; the line's length where none does."""
    match = _OPEN.search(masked, max(0, len(masked) - _TAIL))
    return match.start() if match else len(masked)


def _numbers(
    match: re.Match[str], masked: str, given: Given, opened: tuple[int, ...]
) -> tuple[list[int] | None, tuple[int, ...]]:
    """The numbers that a match stands for (none at an opening tag, None for no marker), and the tags now open."""
    if match["opens"]:
        number = int(match["opens"])
        return ([number], opened) if match["alone"] else ([], (*opened, number))
    if match["closes"]:
        return ([opened[-1]], opened[:-1]) if opened else (None, opened)
    return _written(match, masked, given), opened


def _written(match: re.Match[str], masked: str, given: Given) -> list[int] | None:
    if match["name"]:
        found = given.places.get((match["name"].strip().casefold(), int(match["page"])), ())
        return list(found) if 0 < len(found) <= _MOST_OF_PAGE else None
    if match["file"] is not None:
        own = given.files.get(match["file"].strip().casefold(), ())
        return [int(match["turn"])] if not own or int(match["turn"]) in own else list(own) if len(own) == 1 else None
    if match["raised"]:
        return None if match["raised"] in given.words else [int(match["raised"].translate(_RAISED))]
    said = match["cite"] or match["worded"] or match["said"] or match["bare"]
    numbers = [int(number) for number in re.findall(r"\d+", said)]
    written = f"evidence {said}".casefold() if match["said"] else ""
    if match["bare"]:
        labels = any(f"({number})" in given.words for number in numbers)
        return None if labels or _NUMBERED.search(masked, max(0, match.start() - 16), match.start()) else numbers
    return None if written and written in given.words else numbers
