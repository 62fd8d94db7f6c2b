"""A long document put into an index without being read: its pages are one picture, its words are made."""

from __future__ import annotations

import json

from PIL import Image

from ingestion.elements import BBox, Chunk, Document, Element, Page, PageProblem, Region, lines_file
from rag.index import Index

WIDTH, HEIGHT = 400.0, 560.0
HEADING_EVERY = 10  # pages


def add_long(index: Index, name: str, pages: int, doc_id: str) -> Document:
    """Each page says its number; every tenth begins a chapter, whose name is markup that must stay words."""
    folder = index.files.stage()
    (folder / "pages").mkdir()
    Image.new("RGB", (400, 560), "#eef").save(folder / "pages/one.webp")
    elements: list[Element] = []
    chunks: list[Chunk] = []
    for number in range(1, pages + 1):
        heading = f"{number // HEADING_EVERY} Chapter <b>of</b> page {number}" if number % HEADING_EVERY == 1 else ""
        text = f"Valve V{number} opens at {number} bar."
        lines: list[list[object]] = [[heading, 40, 40, 300, 60]] if heading else []
        lines.append([text, 40, 80, 260, 94])
        (folder / lines_file(number)).write_text(json.dumps(lines), encoding="utf-8")
        if heading:
            elements.append(Element("heading", Region(number, BBox(40, 40, 300, 60)), heading, order=len(elements)))
        region = Region(number, BBox(40, 80, 260, 94))
        elements.append(Element("text", region, text, order=len(elements)))
        chunks.append(Chunk(f"{doc_id}-{number}", doc_id, "text", text, (region,), heading=heading))
    document = Document(
        doc_id,
        name,
        name,
        tuple(Page(number, WIDTH, HEIGHT, 0, "pages/one.webp", str(number)) for number in range(1, pages + 1)),
        tuple(elements),
        tuple(chunks),
        (PageProblem(7, "text", "A <i>line</i> could not be read."),),
    )
    index.files.adopt(document, folder)
    index.catalogue.add(document)
    return document
