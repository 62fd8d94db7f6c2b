"""Diagrams of Office files (SmartArt) as lists of their words: the program draws them anew, the file keeps the points.

A diagram's data part holds its points and which point is below which (ECMA-376 part 1, 21.4). What is drawn is not
taken over.

Example: a process of three steps, the second with two parts, becomes a list of three points with a list in the second.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence

from lxml import etree

from ingestion.errors import CorruptPdf
from ingestion.formats.office_html import escaped
from ingestion.formats.xml_reading import local_name, read_xml, whole

DIAGRAM = re.compile(r"(word|ppt|xl)/diagrams/data(\d*)\.xml")
READ = "picture of a diagram (its words are read)"  # what is said to be left out
SPOKEN = ("node", "asst", "")  # kinds of points with words of their own; "" is a plain one
MOST_LEVELS = 8


def diagrams_in(file: zipfile.ZipFile) -> list[str]:
    """Every diagram of a file as HTML, in the order of their numbers; nothing for one without words."""
    found = [(int(match[2] or 0), match[0]) for name in file.namelist() if (match := DIAGRAM.fullmatch(name))]
    return [diagram(file.read(name), name) for _, name in sorted(found)]


def diagram(content: bytes, name: str) -> str:
    """One diagram's data as HTML, or nothing where it has no words or cannot be read."""
    try:
        root = read_xml(content, name)
    except CorruptPdf:
        return ""
    points = [point for point in root.iter("{*}pt") if point.get("type", "") in SPOKEN]
    said = {str(point.get("modelId")): words for point in points if (words := _words(point))}
    below: dict[str, list[str]] = defaultdict(list)
    above: dict[str, str] = {}
    links = [link for link in root.iter("{*}cxn") if link.get("type", "parOf") == "parOf"]
    for link in sorted(links, key=lambda link: whole(link.get("srcOrd")) or 0):
        upper, lower = str(link.get("srcId")), str(link.get("destId"))
        if lower in said and lower not in above:
            above[lower] = upper
            below[upper].append(lower)
    seen: set[str] = set()
    first = [key for upper in dict.fromkeys(above.values()) if upper not in said for key in below[upper]]
    listed = _list([*first, *(key for key in said if key not in above)], said, below, seen)
    rest = _list([key for key in said if key not in seen], said, {}, seen)  # points that are below each other in a ring
    return f"<p>Diagram</p>{listed}{rest}" if said else ""


def _list(
    keys: Sequence[str], said: dict[str, str], below: Mapping[str, Sequence[str]], seen: set[str], level: int = 0
) -> str:
    points = ""
    for key in keys:
        if key in seen:
            continue
        seen.add(key)
        inner = below.get(key, ()) if level < MOST_LEVELS else ()
        points += f"<li>{escaped(said[key])}{_list(inner, said, below, seen, level + 1)}</li>"
    return f"<ul>{points}</ul>" if points else ""


def _words(point: etree._Element) -> str:
    """The words of a point, its paragraphs in a line."""
    body = next((child for child in point if local_name(child) == "t"), None)
    paragraphs = body.iter("{*}p") if body is not None else ()
    lines = ("".join(text.text or "" for text in paragraph.iter("{*}t")) for paragraph in paragraphs)
    return " ".join(" ".join(lines).split())
