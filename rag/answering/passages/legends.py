"""The entries of a legend or a list of parts, each in a paragraph of its own: they are facts, told by their numbers.

    53 Pulley cover                      53 Pulley cover
    54 Timing belt 55 Drive pulley   →
    56 Flat head screw                   54 Timing belt
    M5 x 25
                                         …

Their numbers have no full stop, as those of steps have.
"""

from __future__ import annotations

import re

LEAST_ENTRIES = 3
"""Entries with numbers in their order that make a legend."""

LONGEST_ENTRY = 10
"""Words of an entry."""

LONGEST_SMALL = 4
"""Words of an entry that begins with a small letter."""

_BEGINS = re.compile(r"\s*(\d{1,3})\s+(?=[^\W\d_]|[“\"„«])")


def entries_parted(text: str) -> str:
    """A text with a blank line around each entry of its legends; an entry over two lines is in one."""
    lines = [part for line in text.splitlines() for part in _entries_in(line)]
    found: list[str] = []
    at = 0
    while at < len(lines):
        entries, end = _legend(lines, at)
        if entries:
            found += ["", "\n\n".join(entries), ""]
        else:
            found.append(lines[at])
        at = end
    return "\n".join(found)


def _legend(lines: list[str], at: int) -> tuple[list[str], int]:
    """The entries of the legend that begins at a line, none where there is none, and the place of the line after."""
    entries: list[str] = []
    number, end = _number(lines[at]), at
    while number and end < len(lines):
        if _number(lines[end]) == number + len(entries):
            entries.append(lines[end].strip())
        elif entries and lines[end].strip():
            following = next((_number(line) for line in lines[end + 1 :] if line.strip()), 0)
            if _number(lines[end]) or following != number + len(entries):
                break
            entries[-1] += f" {lines[end].strip()}"
        end += 1
    if len(entries) < LEAST_ENTRIES or not all(map(_is_name, entries)):
        return [], at + 1
    return entries, end


def _is_name(entry: str) -> bool:
    """Whether an entry names a thing, which running text that happens to begin with numbers does not."""
    _, *words = entry.split()
    return len(words) <= (LONGEST_SMALL if words[0][:1].islower() else LONGEST_ENTRY)


def _number(line: str) -> int:
    """The number that an entry begins with; 0 of another line."""
    match = _BEGINS.match(line)
    return int(match[1]) if match else 0


def _entries_in(line: str) -> list[str]:
    """A line in which one entry of a legend runs into the next as several lines."""
    number = _number(line)
    following = re.search(rf"\s(?={number + 1}\s+[^\W\d_])", line) if number else None
    return [line] if following is None else [line[: following.start()], *_entries_in(line[following.end() :])]
