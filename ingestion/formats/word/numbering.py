"""The numbers that Word itself puts before headings and points of lists: "4.2", "A.", "Chapter 3".

Headings get theirs as text, in place. Points of lists get theirs between marks, which :func:`numbered_points` turns
into HTML once the reader has made lists of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from lxml import etree

from ingestion.formats.xml_reading import word_name as _w

HEADING = re.compile(r"heading [1-9]$", re.I)  # names of styles in every language; the reader makes headings of them
BEGIN, END = "\ue000", "\ue001"  # round the number of a point of a list, until it is HTML
POINT = re.compile(rf"<li([^>]*)>((?:<(?!/?(?:li|ol|ul)\b)[^>]+>)*){BEGIN}([^{END}]*){END}")
ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
         (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
MOST_LEVELS = 9


class _Level(NamedTuple):
    start: int
    form: str
    text: str
    whole: bool  # all numbers in it as 1, 2, 3, whatever form their levels have


class _Place(NamedTuple):
    list_id: str
    level: int


def _value(element: etree._Element | None, path: str) -> str:
    found = element.find("/".join(_w(name) for name in path.split("/"))) if element is not None else None
    return str(found.get(_w("val"), "")) if found is not None else ""


def number_headings(body: etree._Element, numbering: etree._Element | None, styles: etree._Element | None) -> None:
    """Put each heading's and point's number before its words: the reader counts every list from 1, in figures, and
    begins anew after each picture."""
    if numbering is None or styles is None:
        return
    lists = _Lists(numbering)
    known = {str(style.get(_w("styleId"))): style for style in styles.iter(_w("style"))}
    for paragraph in body.iter(_w("p")):
        if not any(text.text for text in paragraph.iter(_w("t"))):
            continue
        place = _place(paragraph, known, lists)
        if place is None:
            continue
        said = lists.next(place)
        style = known.get(_value(paragraph, "pPr/pStyle"))
        is_heading = bool(HEADING.match(_value(style, "name")))
        first = next((text for text in paragraph.iter(_w("t")) if text.text), None)
        if said and first is not None:
            first.text = f"{said} {first.text}" if is_heading else f"{BEGIN}{said}{END}{first.text}"
            first.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def numbered_points(html: str) -> str:
    """The reader's HTML with the numbers of points as text, in place of those that it would count."""
    points = POINT.sub(r'<li\1 style="list-style-type: none">\2\3 ', html)
    return points.replace(BEGIN, "").replace(END, " ")


def _place(paragraph: etree._Element, known: dict[str, etree._Element], lists: _Lists) -> _Place | None:
    """The list and level of a paragraph: its own, else its style's."""
    own = paragraph.find(f"{_w('pPr')}/{_w('numPr')}")
    key = _value(own, "numId")
    level = _value(own, "ilvl")
    style_id = _value(paragraph, "pPr/pStyle")
    style = known.get(style_id)
    for _ in range(MOST_LEVELS):
        if key or style is None:
            break
        key = _value(style, "pPr/numPr/numId")
        if key and not level:
            level = _value(style, "pPr/numPr/ilvl") or lists.level_of(key, style_id)
        style_id = _value(style, "basedOn")
        style = known.get(style_id)
    if not key or key == "0":
        return None
    return _Place(key, int(level) if level.isdigit() else 0)


class _Lists:
    """The lists of a document and how far each has been counted."""

    def __init__(self, numbering: etree._Element) -> None:
        self._abstract = {str(found.get(_w("abstractNumId"))): found for found in numbering.iter(_w("abstractNum"))}
        self._lists = {str(found.get(_w("numId"))): found for found in numbering.iter(_w("num"))}
        self._counted: dict[str, dict[int, int]] = defaultdict(dict)
        self._begun: set[_Place] = set()

    def _outline(self, list_id: str) -> str:
        return _value(self._lists.get(list_id), "abstractNumId")

    def level_of(self, list_id: str, style: str) -> str:
        """The level that names this style as its own."""
        outline = self._abstract.get(self._outline(list_id))
        for level in outline.iter(_w("lvl")) if outline is not None else ():
            if _value(level, "pStyle") == style:
                return str(level.get(_w("ilvl"), "0"))
        return "0"

    def _level(self, list_id: str, number: int) -> _Level:
        changed = self._lists.get(list_id)
        for holder in (changed, self._abstract.get(self._outline(list_id))):
            for level in holder.iter(_w("lvl")) if holder is not None else ():
                if level.get(_w("ilvl")) == str(number):
                    start = _value(level, "start")
                    return _Level(
                        int(start) if start.isdigit() else 1, _value(level, "numFmt"), _value(level, "lvlText"),
                        level.find(_w("isLgl")) is not None,
                    )  # fmt: skip
        return _Level(1, "none", "", False)

    def _begins_at(self, place: _Place) -> int | None:
        """Where a list counts anew, though it looks like one before it."""
        changed = self._lists.get(place.list_id)
        for override in changed.iter(_w("lvlOverride")) if changed is not None else ():
            start = _value(override, "startOverride")
            if override.get(_w("ilvl")) == str(place.level) and start.isdigit():
                return int(start)
        return None

    def next(self, place: _Place) -> str:
        """Counts one up, and says the number as it stands on the page; nothing for bullets."""
        counted = self._counted[self._outline(place.list_id) or place.list_id]
        level = self._level(place.list_id, place.level)
        anew = self._begins_at(place)
        if anew is not None and place not in self._begun:
            counted[place.level] = anew - 1
        self._begun.add(place)
        counted[place.level] = counted.get(place.level, level.start - 1) + 1
        for deeper in [number for number in counted if number > place.level]:
            del counted[deeper]
        if level.form in ("bullet", "none") or not level.text:
            return ""

        def shown(found: re.Match[str]) -> str:
            number = int(found[1]) - 1
            of = self._level(place.list_id, number)
            counted.setdefault(number, of.start)
            return written(counted[number], "decimal" if level.whole else of.form)

        return re.sub(r"%([1-9])", shown, level.text).strip()


def written(number: int, form: str) -> str:
    """A number in a form of Word's: "decimal", "lowerLetter", "upperRoman" and the like."""
    if form == "decimalZero":
        return f"{number:02d}"
    if form in ("upperLetter", "lowerLetter") and number > 0:
        letters = chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman") and 0 < number < 4000:
        said = ""
        for worth, letters in ROMAN:
            said += letters * (number // worth)
            number %= worth
        return said if form == "upperRoman" else said.lower()
    return "" if form == "none" else str(number)
