"""Lists in a text: numbered steps, bullets, lettered items, each with the line that introduces it.

To drain the tank:            Listing("To drain the tank:", ("1. Switch the unit off.", "2. Pull out the tank."))
1. Switch the unit off.
2. Pull out the tank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rag.text.passages import BULLETS

LONGEST_INTRODUCTION = 160
"""Characters of a line before a list that introduces it without a colon."""

LONGEST_CODE = 2
"""Letters of words such as the "EN" and "FR" in the margin of a page, which introduce nothing."""

SHORT_LINE = 0.6
"""Share of the longest line up to which a line ends before its column does: a paragraph ends there."""

LONGEST_TITLE = 8
"""Words of a title."""

SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_ENDS = (*SENTENCE_ENDS, ":", ";", "：")
UNREADABLE = "\N{REPLACEMENT CHARACTER}"  # what a file gives for a sign of which it has no letter

_ORDINALS = (
    "first|firstly|erstens|zuerst|primero|premièrement|primo|primeiro|ten eerste|po pierwsze|ilk olarak",
    "second|secondly|zweitens|segundo|deuxièmement|secundo|secondo|ten tweede|po drugie|ikinci olarak",
    "third|thirdly|drittens|tercero|troisièmement|tertio|terzo|terceiro|ten derde|po trzecie|üçüncü olarak",
    "fourth|fourthly|viertens|cuarto|quatrièmement|quarto|ten vierde|po czwarte|dördüncü olarak",
)
_ORDINAL_NUMBERS = {word: number for number, words in enumerate(_ORDINALS, 1) for word in words.split("|")}

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("bullet", re.compile(rf"\s*[{re.escape(BULLETS)}]\s+(?=\S)")),
    ("step", re.compile(r"\s*(?:step|schritt|étape|etape|paso|passo|stap|krok|adım)\s+(\d{1,2})\s*[.:)]?\s+", re.I)),
    ("ordinal", re.compile(rf"\s*({'|'.join(_ORDINALS)})\s?:\s+(?=\S)", re.I)),
    ("number", re.compile(r"\s*[(]?(\d{1,2})\s?[.)]\s+(?=\S)")),
    ("bare", re.compile(r"\s*(\d{1,2})\s+(?=[^\W\d_])")),
    ("letter", re.compile(r"\s*[(]?([a-h])\s?[.)]\s+(?=\S)")),
    ("roman", re.compile(r"\s*([IVX]{1,5})\s?[.)]\s+(?=\S)")),
    ("ring", re.compile(r"\s*([①-⑳])\s*(?=\S)")),
)


class Listing(NamedTuple):
    """``items`` as written, their marks included; ``introduction`` is empty where nothing stands before them."""

    introduction: str
    items: tuple[str, ...]

    def has(self, passage: str) -> int | None:
        """The number of the item, from 0, that a passage is or is a sentence of; None for none."""
        bare = without_mark(passage)
        return next((i for i, item in enumerate(self.items) if bare and bare in legible(item)), None)


@lru_cache(maxsize=256)
def listings(text: str) -> tuple[Listing, ...]:
    """All lists of two items and more, in order. A paragraph between the steps 2 and 3 belongs to step 2."""
    found: list[Listing] = []
    reader = _Reader()
    for line in _lines(text):
        ended = reader.take(line)
        if ended:
            found.append(ended)
    last = reader.end()
    return (*found, *([last] if last else []))


def legible(text: str) -> str:
    """A text with its white space tidied, without signs of which the file has no letter: "6.\ufffd Push" is a step."""
    return " ".join(text.replace(UNREADABLE, " ").split())


def like_title(text: str) -> bool:
    """Whether a text is a few words without the end of a sentence."""
    return len(text.split()) <= LONGEST_TITLE and not text.rstrip().endswith(_ENDS)


def without_mark(item: str) -> str:
    """An item's words, white space tidied, without its bullet or number."""
    plain = legible(item)
    for _, pattern in _MARKS:
        match = pattern.match(plain)
        if match:
            return plain[match.end() :]
    return plain


def is_numbered(item: str) -> bool:
    """Whether an item begins with its number, letter or step."""
    kind, _ = _mark(item)
    return kind not in ("", "bullet")


def step_number(line: str) -> int:
    """The number of the step that a line is: 3 of "3. Let it dry", "Schritt 3" and "Third: let it dry"; 0 of all other
    lines."""
    kind, number = _mark(line)
    return number if kind in ("step", "ordinal", "number") else 0


def steps_from(text: str, first: int) -> tuple[str, ...]:
    """The steps of a text whose first step has this number, in order; none of another text. Unlike a list, one step
    suffices."""
    found: list[str] = []
    for line in _lines(text):
        number = step_number(line)
        if number == first + len(found):
            found.append(line.strip())
        elif number or not line.strip():
            if number and (not found or number <= len(found)):
                break
        elif found:
            found[-1] += f" {line.strip()}"
    return tuple(found)


def parted(text: str) -> str:
    """A text with a blank line where a list has ended and a paragraph, or a heading, goes on right below."""
    reader, found = _Reader(), list[str]()
    for line in text.splitlines():
        if line.strip() and not _mark(line)[0] and reader.items and not reader.after_gap and reader.ends_before(line):
            found.append("")
        reader.take(line)
        found.append(line)
    return "\n".join(found)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text; one in which a step runs into the next ("1. Open it. 2. Close it.") as several."""
    for line in text.replace(UNREADABLE, " ").splitlines():
        number = step_number(line)
        while number:
            following = re.search(rf"(?<=[.!?:;)\d])\s+(?={number + 1}[.)]\s+[^\d\s])", line)
            if following is None:
                break
            yield line[: following.start()]
            line, number = line[following.end() :], number + 1
        yield line


@dataclass(slots=True)
class _Reader:
    """Takes a text line by line; holds the list that is open, and the paragraph that may introduce the next."""

    kind: str = ""
    items: list[str] = field(default_factory=list)
    introduction: str = ""
    paragraph: list[str] = field(default_factory=list)
    after_gap: bool = False
    last: str = ""
    widest: int = 0

    def take(self, line: str) -> Listing | None:
        """The list that a line ends, if it does."""
        if not line.strip():
            self.after_gap = True
            return None
        kind, number = _mark(line)
        if kind and self._goes_on(kind, number):
            self._add(line)
            return None
        if kind and (kind != "bare" or number == 1):
            ended = self.end()
            self._open(kind, line)
            return ended
        if self.items and not self.paragraph and not self.after_gap and not self.ends_before(line):
            self.items[-1] += f" {line.strip()}"
            self.last = line
            return None
        if self.after_gap:
            self.paragraph = []
        self.paragraph.append(line.strip())
        self.after_gap = False
        return None

    def end(self) -> Listing | None:
        """The open list, if it has two items; what is read next is another."""
        done = Listing(self.introduction, tuple(self.items)) if len(self.items) > 1 else None
        if self.items and not self.paragraph and not done:
            self.paragraph = list(self.items)
        self.kind, self.items, self.introduction = "", [], ""
        return done

    def _goes_on(self, kind: str, number: int) -> bool:
        if not self.items or kind != self.kind:
            return False
        if self.paragraph and kind == "bullet":
            return False  # a paragraph stands between: another list
        return kind == "bullet" or number in (0, len(self.items) + 1, _mark(self.items[-1])[1] + 1)

    def ends_before(self, line: str) -> bool:
        """Whether the last line of an item is so short, or so ended, and the next so begins, that this is of something
        else."""
        if self.last.rstrip().endswith(SENTENCE_ENDS) and like_title(line) and line.strip()[:1].isupper():
            return True  # the heading of what follows
        short = len(self.last.strip()) < SHORT_LINE * max(self.widest, len(line))
        return short and line.strip()[:1].isupper() and not self.last.rstrip().endswith((",", "-", "–", ":"))

    def _add(self, line: str) -> None:
        self.last, self.widest = line, max(self.widest, len(line))
        if self.paragraph:
            self.items[-1] += " " + " ".join(self.paragraph)
        self.items.append(line.strip())
        self.paragraph, self.after_gap = [], False

    def _open(self, kind: str, line: str) -> None:
        before = " ".join(self.paragraph)
        self.last, self.widest = line, len(line)
        told = any(len(word) > LONGEST_CODE or not word.isascii() for word in before.split())
        introduces = told and (before.endswith((":", "：")) or len(before) <= LONGEST_INTRODUCTION)
        self.introduction = before if introduces else ""
        self.kind, self.items, self.paragraph, self.after_gap = kind, [line.strip()], [], False


def _mark(line: str) -> tuple[str, int]:
    """The kind of mark that a line begins with, and its number (0 for bullets and letters); ("", 0) for none."""
    for kind, pattern in _MARKS:
        match = pattern.match(line)
        if match:
            written = match[1] if match.groups() else ""
            return kind, int(written) if written.isdecimal() else _ORDINAL_NUMBERS.get(written.casefold(), 0)
    return "", 0
