"""What openpyxl leaves out of large workbooks: merged cells, what is hidden, formulas without a value, comments,
words of shapes.

Read from the XML of the file itself, one :class:`SheetParts` per sheet.
"""

from __future__ import annotations

import contextlib
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from ingestion.errors import CorruptPdf
from ingestion.formats.xml_reading import LINKS, local_name, read_xml

BOOK = "xl/workbook.xml"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
MOST_MERGED = 20_000  # per sheet
MOST_HIDDEN_COLUMNS = 16_384  # of a sheet: all there are
THREADED = "[Threaded comment]"  # how the older part says that the newer has the words


class Span(NamedTuple):
    """How many rows and columns a merged cell covers."""

    rows: int
    columns: int


class Comment(NamedTuple):
    """A comment on the cell called ``cell`` ("B4"), and who wrote it."""

    cell: str
    who: str
    text: str


@dataclass(slots=True)
class SheetParts:
    """What openpyxl leaves out of one sheet. Rows and columns count from 1; places are (row, column)."""

    merged: dict[tuple[int, int], Span] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # of text boxes and other shapes, in their order


def read_parts(path: Path) -> Mapping[str, SheetParts]:
    """The parts of each sheet, by its name. Raises :class:`~ingestion.errors.CorruptPdf` for XML that is none."""
    found: dict[str, SheetParts] = {}
    with zipfile.ZipFile(path) as file:
        names = set(file.namelist())
        if BOOK not in names:
            return found
        people: dict[str, str] = {}
        with contextlib.suppress(CorruptPdf):  # comments are read without names
            people = _people(file, names)
        targets = _links(file, names, BOOK)
        for sheet in read_xml(file.read(BOOK), f"{BOOK} in {path.name}").iter("{*}sheet"):
            _, part = targets.get(str(sheet.get(f"{{{LINKS}}}id")), ("", ""))
            if part in names:
                with file.open(part) as content:
                    about = _sheet(content)
                try:
                    about.comments = list(_all_comments(file, names, part, people))
                except CorruptPdf:
                    about.comments = [Comment("this sheet", "", "cannot be read: the part with comments is damaged")]
                try:
                    about.texts = list(_texts(file, names, part))
                except CorruptPdf:
                    about.texts = ["(the text boxes of this sheet cannot be read: the part with them is damaged)"]
                found[str(sheet.get("name"))] = about
    return found


def _links(file: zipfile.ZipFile, names: set[str], part: str) -> dict[str, tuple[str, str]]:
    """Kind and name of the parts that ``part`` names, by their ids."""
    folder, name = posixpath.split(part)
    links = posixpath.join(folder, "_rels", f"{name}.rels")
    if links not in names:
        return {}
    found = {}
    for link in read_xml(file.read(links), links):
        target = str(link.get("Target", ""))
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[str(link.get("Id"))] = (str(link.get("Type", "")).rpartition("/")[2], whole)
    return found


def _sheet(content: Any) -> SheetParts:
    """One pass over a sheet, which may be large."""
    about = SheetParts()
    filtered: range | None = None
    row = column = 0
    steps = etree.iterparse(
        content, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for event, element in steps:
        name = local_name(element)
        if event == "start":
            if name == "row":
                row = int(element.get("r") or row + 1)
                column = 0
                if element.get("hidden") in ("1", "true"):
                    about.hidden_rows.add(row)
            continue
        if name == "col" and element.get("hidden") in ("1", "true"):
            last = min(int(element.get("max", "0")), MOST_HIDDEN_COLUMNS)
            about.hidden_columns.update(range(int(element.get("min", "1")), last + 1))
        elif name == "c":
            place = _place(str(element.get("r", "")))
            column = place[1] if place else column + 1
            formula = _formula(element)
            if formula:
                about.formulas[row, column] = formula
            element.clear()
        elif name == "row":
            element.clear()
        elif name == "autoFilter" and next(element.iter("{*}filterColumn"), None) is not None:
            ends = [_place(end) for end in str(element.get("ref", "")).split(":")]
            if len(ends) == 2 and ends[0] and ends[1]:
                filtered = range(ends[0][0], ends[1][0] + 1)
        elif name == "mergeCell" and len(about.merged) < MOST_MERGED:
            _merge(about, str(element.get("ref", "")))
    if filtered is not None:  # rows that a filter hides are only not looked at just now
        about.hidden_rows = {hidden for hidden in about.hidden_rows if hidden not in filtered}
    return about


def _formula(cell: etree._Element) -> str:
    """What a cell computes, where the file does not hold the result."""
    held = {local_name(child): child for child in cell}
    if "f" not in held or "is" in held:
        return ""
    result = held.get("v")
    if result is not None and (result.text or cell.get("t") == "str"):
        return ""
    return f"={held['f'].text or '…'}"


def _place(reference: str) -> tuple[int, int] | None:
    found = REFERENCE.fullmatch(reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column


def _merge(about: SheetParts, reference: str) -> None:
    ends = [_place(end) for end in reference.split(":")]
    if len(ends) == 2 and ends[0] and ends[1]:
        (top, left), (bottom, right) = ends[0], ends[1]
        about.merged[top, left] = Span(max(1, bottom - top + 1), max(1, right - left + 1))


def _people(file: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    people = {}
    for name in sorted(name for name in names if re.fullmatch(r"xl/persons/[^/]+\.xml", name)):
        for person in read_xml(file.read(name), name).iter("{*}person"):
            people[str(person.get("id"))] = str(person.get("displayName", ""))
    return people


def _all_comments(file: zipfile.ZipFile, names: set[str], part: str, people: Mapping[str, str]) -> Iterator[Comment]:
    for kind, target in _links(file, names, part).values():
        if target not in names or kind not in ("comments", "threadedComment"):
            continue
        root = read_xml(file.read(target), target)
        if kind == "threadedComment":
            for said in root.iter("{*}threadedComment"):
                who = people.get(str(said.get("personId")), "")
                yield Comment(str(said.get("ref", "")), who, _words(said, "text"))
            continue
        authors = [author.text or "" for author in root.iter("{*}author")]
        for said in root.iter("{*}comment"):
            text, number = _words(said, "t"), str(said.get("authorId", ""))
            who = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
            if text and not text.startswith(THREADED):
                yield Comment(str(said.get("ref", "")), "" if who.startswith("tc=") else who, text)


def _texts(file: zipfile.ZipFile, names: set[str], part: str) -> Iterator[str]:
    """Paragraphs of the shapes on a sheet; of two alternatives the newer."""
    for kind, target in _links(file, names, part).values():
        if kind != "drawing" or target not in names:
            continue
        for paragraph in read_xml(file.read(target), target).iter(f"{{{DRAWING}}}p"):
            older = any(local_name(holder) == "Fallback" for holder in paragraph.iterancestors())
            said = "" if older else _words(paragraph, "t")
            if said:
                yield said


def _words(element: etree._Element, name: str) -> str:
    return " ".join("".join(part.text or "" for part in element.iter(f"{{*}}{name}")).split())
