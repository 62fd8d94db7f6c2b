"""The grammar of citation markers: whatever a model writes becomes ``[n]`` of existing evidence, or vanishes.

Models write ``[1, 2]``, ``[1-3]``, ``【1†source】``, ``[^1]`` or ``[1](link)``; people see ``[1]``. A reply is tidied
as it arrives, line by line: code spans and markers never reach over a line's end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from rag.answering.citing.marker_styles import Given, restyled, unfinished
from rag.types import Evidence

_LIST = r"\d{1,3}(?:\s*(?:[-–—,;&+]|and|to)\s*\d{1,3})*"
_WORD = r"(?:evidence|sources?|ref(?:erence)?s?|citations?|documents?|docs?|passages?|belege?|quellen?|n\s?=)[:.#\s]*"
_TAIL = r"(?:\s*[,:]\s*(?:pp?\.|pages?|S\.)[^\[\]【】\n]{0,20}|†[^\[\]【】\n]{0,30})?\s*"
_INNER = rf"\s*+(?:\^\s*+)?(?:{_WORD})?(?:{_LIST}){_TAIL}"
_ONE = (
    rf"(?:\[\[{_INNER}\]\]|[\[【［]{_INNER}[\]】］])"
    r"(?:\((?:https?:|#|/|mailto:|<|[\w-]+\.)[^()\s]{0,300}\))?"
)
_GROUP = re.compile(rf"{_ONE}(?:[ \t]*+(?:[,;][ \t]*+)?{_ONE})*", re.IGNORECASE)
_RANGE = re.compile(r"(\d{1,3})(?:\s*(?:[-–—]|to)\s*(\d{1,3}))?", re.IGNORECASE)
_AFTER_NUMBERS = re.compile(r"(?<!\s)\s*+[,:]\s*+(?:pp?\.|pages?|S\.).*|†.*", re.IGNORECASE)
_LINK = re.compile(r"(?<=[\]】］])\([^()]*\)")
_AND = r"(?:,[ \t]*+)?(?:and|or|&)"
_JOINT = rf"[ \t]*+(?:{_AND}|[,;.])?+[ \t]*+"
_OPEN_LINK = r"\([^()\s]{0,300}"
_UNFINISHED = re.compile(
    rf"(?=[ \t(（\[【［]|an?$|or?$)[ \t]*+(?:[(（][ \t]*+)?(?:{_ONE}(?!{_OPEN_LINK}$){_JOINT})*+"
    rf"(?:[\[【［]{{1,2}}[^\[\]【】［］]{{0,60}}(?:[\]】］](?:{_OPEN_LINK})?)?$|an?$|or?$)?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[【［](\d{1,3}(?:\s*[-–—,;]\s*\d{1,3})*)[\]】］]")
_TICKS = re.compile(r"`+")
_FENCE = re.compile(r"\s*(```+|~~~+)")
_VARIABLE = 80  # characters looked back for a variable's name before its index
_INDEXED = re.compile(r"(?:(?:^|[^\w\s.]|[^\W\d]\s|^\s)[abcdefijknpqrtuvwxyz]|\w*_\w*|[A-Za-z_]\w*\.[a-z_]\w*)$")
_GLUED = re.compile(r"[\w)\]]")
_AFTER_INDEX = re.compile(r"\s*=|\.[a-z_]|\w|\(")
_AFTER_MARKER = r"(?:(?<=\[\d\])|(?<=\[\d\d\])|(?<=\[\d{3}\]))"  # what else stands in brackets is no part of a list
_GONE, _FILLER = "\x00", "\ue000"
_TIDY = (
    (re.compile(rf"[(（][ \t]*+{_GONE}[ \t]*+[)）]"), _GONE),
    (re.compile(rf"{_AFTER_MARKER}[ \t]*+(?:{_AND}|[,;])[ \t]*+{_GONE}"), ""),
    (re.compile(rf"{_GONE}[ \t]*+(?:{_AND}|[,;])[ \t]*+(?=\[\d)"), ""),
    (re.compile(rf"(?<![ \t])[ \t]*+{_GONE}(?=[ \t]*+(?:[.,;:!?)\]|]|$))"), ""),
    (re.compile(rf"^{_GONE}[ \t]*|(?<=[ \t]){_GONE}[ \t]*"), ""),
    (re.compile(_GONE), ""),
)
_SHORT = 1600  # characters of a line up to which it is tidied anew with every piece
_SHARE = 16  # a longer one when it has grown by a sixteenth of the rest: work grows with its length, not the square

CLEAN = re.compile(r"\[(\d{1,3})\]")
"""A marker as it stands in tidied text."""


class MarkerStream:
    """Tidies a reply as it arrives: ``feed`` and ``close`` return the text that no later piece can change.

    ``[1, 2]``, ``[1-3]``, ``【1】``, ``[^1]``, ``[source 1]``, ``[1, p. 4]``, ``[1](link)`` become
    ``[1]``, ``[1][2]``, …; numbers without evidence vanish with the space before them, counted in ``dropped``. Code
    spans, code blocks, array indexes (``x[1]``, ``a.b[2]``), intervals from 0 and years stay.
    """

    def __init__(self, known: Collection[int], evidence: Sequence[Evidence] = ()) -> None:
        self.known = frozenset(known)
        self._given = Given.of(evidence) if evidence else None
        self._opened: tuple[int, ...] = ()  # tags around what comes
        self._bracketed = False  # whether a [n] has been written in an earlier line
        self.dropped = 0
        self._last: list[str] = []  # pieces of the last line
        self._length = 0  # of them together
        self._shown = 0
        self._seen = 0  # characters of the last line when it was tidied last
        self._fence = ""

    def feed(self, delta: str) -> str:
        """Take the next piece of the reply; returns the text that is now certain."""
        out = ""
        *lines, last = delta.replace(_GONE, "").split("\n")
        for line in lines:
            self._last.append(line)
            out += self._finish(self._taken()) + "\n"
        self._last.append(last)
        self._length += len(last)
        if self._length - self._seen > (self._length - _SHORT) // _SHARE:
            self._seen = self._length
            last = "".join(self._last)
            self._last = [last]
            settled = self._certain(last)
            out += settled[self._shown :]
            self._shown = max(self._shown, len(settled))
        return out

    def close(self) -> str:
        """The rest of the text, when the reply has ended."""
        return self._finish(self._taken())

    def _taken(self) -> str:
        """The last line, which has come to its end."""
        line = "".join(self._last)
        self._last, self._length, self._seen = [], 0, 0
        return line

    def _finish(self, line: str) -> str:
        opened = self._opened
        text, dropped = self._tidy(line)
        if self._given and not self._fence and not _FENCE.match(line):
            self._opened = self._restyled(line, opened)[1]
            self._bracketed = self._bracketed or bool(CLEAN.search(_masked(line)))
        self.dropped += dropped
        fence = _FENCE.match(line)
        if fence and (not self._fence or fence[1].startswith(self._fence)):
            self._fence = "" if self._fence else fence[1]
        shown, self._shown = self._shown, 0
        return text[shown:]

    def _tidy(self, line: str) -> tuple[str, int]:
        if self._fence or _FENCE.match(line):
            return line, 0
        return tidy_line(self._restyled(line, self._opened)[0], self.known)

    def _certain(self, line: str) -> str:
        """What no later piece can change of an unfinished line, tidied as it will be with what follows it so far."""
        if self._fence or _FENCE.match(line):
            return line
        text, after = line, ""
        if self._given:
            masked = _masked(line.rstrip("`"))  # a last run of backticks may go on and close nothing
            text, _, end = self._restyled(line, self._opened, unfinished(masked[: _first_tick(masked)]))
            after = line[end:]
        end = _settled(text)
        return tidy_line(text[:end], self.known, text[end:] + after)[0]

    def _restyled(self, line: str, opened: tuple[int, ...], end: int | None = None) -> tuple[str, tuple[int, ...], int]:
        end = len(line) if end is None else end
        if self._given is None:
            return line[:end], opened, end
        return restyled(line, _masked(line), self.known, self._given, opened, self._bracketed, end)


def tidy_line(line: str, known: Collection[int], after: str = "") -> tuple[str, int]:
    """One line outside a code block tidied, and how many of its markers name nothing in ``known``.

    ``after`` is what follows in the line and is left out: ``[1]`` is no marker where ``(x)`` comes next.
    """
    masked = _masked(line) + after
    out, at, dropped = "", 0, 0
    for match in _GROUP.finditer(masked, 0, len(line)):
        found = numbers(match[0])
        if not found or is_index(masked, match):
            continue
        good = [n for n in found if n in known]
        dropped += len(found) - len(good)
        out += line[at : match.start()] + ("".join(f"[{n}]" for n in good) or _GONE)
        at = match.end()
    out += line[at:]
    for pattern, replacement in _TIDY if dropped else ():
        out, after = _replaced(pattern, replacement, out, after)
    return out, dropped


def _replaced(pattern: re.Pattern[str], replacement: str, text: str, after: str) -> tuple[str, str]:
    """``text`` and what follows it, replaced as one; only ``text`` holds what the pattern looks for."""
    whole, out, at = text + after, "", 0
    for match in pattern.finditer(whole):
        out += whole[at : match.start()] + replacement
        at = match.end()
    return (out + whole[at : len(text)], after) if at <= len(text) else (out, whole[at:])


def numbers(group: str) -> list[int]:
    """The numbers a run of markers names, in order, each once; none where one of them is 0 (an interval, an index)."""
    found: list[int] = []
    for bracket in re.findall(r"[\[【［]+([^\[\]【】［］]*)", _LINK.sub("", group)):
        for first, last in _RANGE.findall(_AFTER_NUMBERS.sub("", bracket)):
            start, stop = int(first), int(last or first)
            found += range(start, stop + 1) if start <= stop <= start + 50 else [start, stop]
    return [] if 0 in found else list(dict.fromkeys(found))


def rewrite(text: str, replace: Callable[[int], str]) -> str:
    """A tidied text with every marker outside code replaced: ``rewrite(text, lambda n: f"[{n}](#cite-{n})")``."""
    lines, fence = [], ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if match and (not fence or match[1].startswith(fence)):
            fence = "" if fence else match[1]
        elif not fence:
            masked = _masked(line)
            kept, at = "", 0
            for spot in CLEAN.finditer(masked):
                if not is_index(masked, spot):
                    kept += line[at : spot.start()] + replace(int(spot[1]))
                    at = spot.end()
            line = kept + line[at:]
        lines.append(line)
    return "\n".join(lines)


def without_brackets(text: str) -> str:
    """Quoted text whose own bracketed numbers cannot pass for markers: ``[12]`` becomes ``(ref. 12)``."""
    return _BRACKETED.sub(r"(ref. \1)", text.replace(_GONE, ""))


def is_index(line: str, match: re.Match[str]) -> bool:
    """Whether a bracketed number is an array index: glued to a variable, or assigned to, called or extended."""
    start = match.start()
    if not start or not _GLUED.match(line, start - 1):
        return False
    return bool(_INDEXED.search(line, max(0, start - _VARIABLE), start) or _AFTER_INDEX.match(line, match.end()))


def _masked(line: str) -> str:
    """The line with its code spans replaced by as many filler characters.

    A span runs from one run of backticks to the next run of the same length (CommonMark 0.31, 6.1).
    """
    runs = [run.span() for run in _TICKS.finditer(line)]
    following: dict[int, list[int]] = {}
    for start, end in reversed(runs):
        following.setdefault(end - start, []).append(end)
    out, at = "", 0
    for start, end in runs:
        closing = following[end - start]
        while closing and closing[-1] <= end:
            closing.pop()
        if start >= at and closing:
            out += line[at:start] + _FILLER * (closing[-1] - start)
            at = closing[-1]
    return out + line[at:]


def _first_tick(masked: str) -> int:
    """Where code begins that is not closed; the line's length where none does."""
    tick = masked.find("`")
    return tick if tick >= 0 else len(masked)


def _settled(line: str) -> int:
    """How much of an unfinished line outside a code block no later piece can change."""
    if re.match(r"\s*[`~]{0,2}$", line):
        return 0
    masked = _masked(line.rstrip("`"))  # as above
    stop = _first_tick(masked)
    open_runs = (match.start() for match in _UNFINISHED.finditer(masked[:stop]) if match.end() == stop)
    return next(open_runs, stop)
