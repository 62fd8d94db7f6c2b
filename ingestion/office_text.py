"""A DOCX file as HTML: headings, paragraphs, lists, tables, pictures, text boxes, footnotes.

Enters: an open package. Leaves: one chapter. Must not know: the PDF library, pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingestion.office_package import A4, PICTURE, Element, Package, chosen, clean, size_of, table, whole, words

LEVELS = 6


def texts(package: Package) -> tuple[list[str], tuple[float, float]]:
    """A text document as one chapter."""
    part = "word/document.xml"
    body = package.tree(part).find("body")
    text = _Text(package, part)
    html = text.blocks(body) if body is not None else ""
    return [html + "".join(text.notes())], A4


class _Text:
    def __init__(self, package: Package, part: str) -> None:
        self.package, self.targets = package, package.targets(part)
        self.levels = dict(_levels(package.tree("word/styles.xml")))
        self._noted: list[str] = []

    def blocks(self, parent: Element) -> str:
        return "".join(self._block(child) for child in chosen(parent))

    def notes(self) -> Iterator[str]:
        """The footnotes that were referred to."""
        notes = {note.get("id", ""): note for note in self.package.tree("word/footnotes.xml")}
        for number, key in enumerate(self._noted, 1):
            if key in notes:
                yield f"<p>{number} {clean(words(notes[key]))}</p>"

    def _block(self, item: Element) -> str:
        if item.tag == "tbl":
            rows = [list(self._cells(row)) for row in chosen(item) if row.tag == "tr"]
            return table(rows)
        return self._paragraph(item) if item.tag == "p" else ""

    def _cells(self, row: Element) -> Iterator[str]:
        """A cell over several columns is followed by empty ones, the lower part of one over several rows is empty."""
        for cell in chosen(row):
            if cell.tag == "tc":
                merged = cell.find("tcPr/vMerge")
                upper = merged is None or merged.get("val") == "restart"
                yield self.blocks(cell) if upper else ""
                span = cell.find("tcPr/gridSpan")
                yield from [""] * (min(whole(span, "val", 1), 100) - 1)

    def _paragraph(self, item: Element) -> str:
        boxes: list[str] = []
        inside = "".join(self._inline(child, boxes) for child in chosen(item))
        style = item.find("pPr/pStyle")
        level = self.levels.get(style.get("val", "") if style is not None else "", 0)
        level = level or min(LEVELS, whole(item.find("pPr/outlineLvl"), "val", -1) + 1)
        if not inside.strip():
            return "".join(boxes)
        if item.find("pPr/numPr") is not None and not level:
            return f"<ul><li>{inside}</li></ul>{''.join(boxes)}"
        tag = f"h{level}" if level else "p"
        return f"<{tag}>{inside}</{tag}>{''.join(boxes)}"

    def _inline(self, item: Element, boxes: list[str]) -> str:
        """A run's words and pictures; text boxes go to ``boxes``."""
        if item.tag == "t":
            return clean(item.text or "")
        if item.tag in ("tab", "br", "cr"):
            return " " if item.tag == "tab" else "<br/>"
        if item.tag == "footnoteReference":
            self._noted.append(item.get("id", ""))
            return f"<sup>{len(self._noted)}</sup>"
        if item.tag == "txbxContent":
            boxes.append(self.blocks(item))
            return ""
        if item.tag in ("drawing", "pict", "object"):
            return self._drawing(item, boxes)
        if item.tag in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr"):
            return ""
        inside = "".join(self._inline(child, boxes) for child in chosen(item))
        bold = item.tag == "r" and item.find("rPr/b") is not None and inside.strip()
        return f"<b>{inside}</b>" if bold else inside

    def _drawing(self, item: Element, boxes: list[str]) -> str:
        extent = item.find(".//extent")
        size = size_of(extent, "cx", "cy", PICTURE) if extent is not None else None
        found = [
            self.package.picture(self.targets.get(blip.get(key, ""), ""), size)
            for tag, key in (("blip", "embed"), ("imagedata", "id"))
            for blip in item.iter(tag)
        ]
        for content in item.iter("txbxContent"):
            boxes.append(self.blocks(content))
        for kind in item.iter("graphicData"):
            self.package.lose(kind.get("uri", ""))
        return "".join(found)


def _levels(styles: Element) -> Iterator[tuple[str, int]]:
    """Style id → level of a heading, 1–6; the title is 1."""
    for style in styles.iter("style"):
        name = (style.find("name").get("val", "") if style.find("name") is not None else "").lower()  # type: ignore[union-attr]
        outline = whole(style.find("pPr/outlineLvl"), "val", -1) + 1
        level = 1 if name == "title" else int(name[8:]) if re.fullmatch(r"heading \d", name) else outline
        if 1 <= level <= 9:
            yield style.get("styleId", ""), min(level, LEVELS)
