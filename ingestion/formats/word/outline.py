"""Headings that only an outline level makes such, in a paragraph or in a style of the author's own.

The reader knows headings by the names of their styles ("heading 2"); Word's table of contents takes these as well.
"""

from __future__ import annotations

from lxml import etree

from ingestion.formats.word.numbering import HEADING
from ingestion.formats.xml_reading import word_name as _w
from ingestion.formats.xml_reading import words_of

MOST_STYLES = 20  # that a style is based on, one on the other
LONGEST = 150  # characters of a heading, without spaces
STYLE = "pagesight-heading-"


def outline_as_headings(body: etree._Element, styles: etree._Element | None) -> bool:
    """Give paragraphs with an outline level the style of a heading of that level, which is added to ``styles``. Whether
    there are any."""
    if styles is None:
        return False
    known = {str(style.get(_w("styleId"))): style for style in styles.iter(_w("style"))}
    used: set[int] = set()
    for paragraph in body.iter(_w("p")):
        about = paragraph.find(_w("pPr"))
        if about is None or not 0 < len(words_of(paragraph)) <= LONGEST:
            continue
        style = about.find(_w("pStyle"))
        level = _level(about, known, str(style.get(_w("val"))) if style is not None else "")
        if level:
            if style is None:
                style = etree.Element(_w("pStyle"))
                about.insert(0, style)
            style.set(_w("val"), f"{STYLE}{level}")
            used.add(level)
    for level in sorted(used):
        added = etree.SubElement(styles, _w("style"))
        added.set(_w("type"), "paragraph")
        added.set(_w("styleId"), f"{STYLE}{level}")
        etree.SubElement(added, _w("name")).set(_w("val"), f"heading {level}")
    return bool(used)


def _level(about: etree._Element, known: dict[str, etree._Element], style_id: str) -> int:
    """The level, from 1, that a paragraph's properties or its styles say; 0 of text, and of what the reader knows."""
    said = _outline(about)
    name = known[style_id].find(_w("name")) if style_id in known else None
    if name is not None and (HEADING.match(str(name.get(_w("val")))) or str(name.get(_w("val"))) == "Title"):
        return 0
    for _ in range(MOST_STYLES):
        style = known.get(style_id)
        if said is not None or style is None:
            break
        properties, based = style.find(_w("pPr")), style.find(_w("basedOn"))
        said = _outline(properties) if properties is not None else None
        style_id = str(based.get(_w("val"))) if based is not None else ""
    return said + 1 if said is not None and said < 9 else 0


def _outline(properties: etree._Element) -> int | None:
    mark = properties.find(_w("outlineLvl"))
    said = str(mark.get(_w("val"), "")) if mark is not None else ""
    return int(said) if said.isdigit() else None
