"""Find words on a page as people expect it: case, accents, ligatures, hyphens and line breaks make no difference.

Both sides are folded the same way: compatibility forms are taken apart (NFKD: "ﬁ" is "fi"), accents and hyphens left
out, upper and lower case made one, any white space one space; a line that ends in a hyphen goes on in the next.

    "Über-        →   "uberdruck ventil"   ←   "Überdruck  ventil", "UBER-DRUCK VENTIL"
     druck ventil"
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

AROUND = 40  # characters before and after a place that are shown with it
_SPACES = re.compile(" +")
_HYPHENS = frozenset("-\u00ad\u2010\u2011\u2012\u2013\u2212\u2027\ufe63\uff0d")


class Span(NamedTuple):
    """Characters ``start`` to ``stop`` (exclusive) of the line with this number."""

    line: int
    start: int
    stop: int


class Place(NamedTuple):
    """Where words stand on a page, and the text around them."""

    page: int
    spans: tuple[Span, ...]
    before: str
    text: str
    after: str


class _Char(NamedTuple):
    """A folded character, and which one of which line it comes from."""

    char: str
    line: int
    at: int


class _Fold(dict[int, str]):
    """What each character is folded to, worked out when it is met first."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        apart = " " if char.isspace() else "" if char in _HYPHENS else _plain(char)
        self[code] = apart
        return apart


_FOLD = _Fold()


def folded(text: str) -> str:
    """A text in which words are looked for, or the words themselves."""
    return _SPACES.sub(" ", text.translate(_FOLD)).strip(" ")


def folded_page(lines: Sequence[str]) -> str:
    """The lines of a page as one folded text."""
    goes_on, parts = True, list[str]()
    for line in lines:
        parts += ["" if goes_on else " ", line.translate(_FOLD)]
        goes_on = _goes_on(line)
    return _SPACES.sub(" ", "".join(parts)).removeprefix(" ")


def places_of(page: int, text: str, words: str, lines: Callable[[], Sequence[str]]) -> list[Place]:
    """Where ``words`` stand in the folded ``text`` of a page, whose ``lines`` are asked for where they do."""
    wanted = folded(words)
    at = text.find(wanted) if wanted else -1
    if at < 0:
        return []
    own = lines()
    parts, found = _folded(own), []
    while at >= 0:
        found.append(_place(page, parts[at : at + len(wanted)], own))
        at = text.find(wanted, at + len(wanted))
    return found


def _folded(lines: Sequence[str]) -> list[_Char]:
    """The characters of :func:`folded_page`."""
    parts: list[_Char] = []
    goes_on = True
    for number, line in enumerate(lines):
        chars = [] if goes_on else [_Char(" ", number, 0)]
        chars += [_Char(c, number, at) for at, char in enumerate(line) for c in _FOLD[ord(char)]]
        for char in chars:
            if char.char != " " or (parts and parts[-1].char != " "):
                parts.append(char)
        goes_on = _goes_on(line)
    return parts


def _goes_on(line: str) -> bool:
    """Whether a line ends in the middle of a word."""
    end = line.rstrip()
    return len(end) > 1 and end[-1] in _HYPHENS and end[-2].isalpha()


def _plain(char: str) -> str:
    apart = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in apart if not unicodedata.combining(c) and c not in _HYPHENS and not c.isspace())


def _place(page: int, parts: Sequence[_Char], lines: Sequence[str]) -> Place:
    ends: dict[int, tuple[int, int]] = {}
    for part in parts:
        if part.char != " ":
            first, last = ends.get(part.line, (part.at, part.at))
            ends[part.line] = min(first, part.at), max(last, part.at)
    spans = tuple(Span(line, first, last + 1) for line, (first, last) in sorted(ends.items()))
    head, tail = spans[0], spans[-1]
    before = " ".join([*lines[max(0, head.line - 1) : head.line], lines[head.line][: head.start]])
    after = " ".join([lines[tail.line][tail.stop :], *lines[tail.line + 1 : tail.line + 2]])
    text = " ".join(lines[span.line][span.start : span.stop] for span in spans)
    return Place(page, spans, _end_of(before), text, _end_of(after[::-1])[::-1])


def _end_of(text: str) -> str:
    """Its last :data:`AROUND` characters, without the rest of a word that begins before them."""
    end = text[-AROUND:]
    return end if len(end) == len(text) else end[end.find(" ") + 1 :]
