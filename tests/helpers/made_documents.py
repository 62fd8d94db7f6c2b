"""Parsed documents as the reader leaves them, with real pictures: for tests of the stores, which parse nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image, ImageDraw

from ingestion.elements import BBox, Chunk, Document, Element, Page, Region

TOPICS = ["drain pump", "door seal", "heating element", "water inlet", "detergent tray", "control board", "spin motor"]


def make_document(folder: Path, number: int, pages: int = 2, paragraphs: int = 3) -> Document:
    """Write original.pdf (a stand-in), page images and crops below ``folder`` and return their document."""
    data = f"%PDF-1.7 stand-in number {number}\n".encode()
    doc = hashlib.sha256(data).hexdigest()
    (folder / "pages").mkdir(parents=True, exist_ok=True)
    (folder / "crops").mkdir(exist_ok=True)
    (folder / "original.pdf").write_bytes(data)
    made, elements, chunks = [], [], []
    for page in range(1, pages + 1):
        made.append(Page(page, 612.0, 792.0, 0, f"pages/{page:04d}.webp", str(page)))
        _picture(f"page {page} of {number}", number * 31 + page).save(folder / f"pages/{page:04d}.webp")
        texts = [_paragraph(number, page, i) for i in range(paragraphs)]
        for i, text in enumerate(texts):
            box = BBox(50.0, 50.0 + 60 * i, 560.0, 100.0 + 60 * i)
            elements.append(Element("text", Region(page, box), text, order=i))
            chunks.append(_chunk(doc, "text", page, i, text, box, heading=f"Chapter {page}"))
        for kind, top in (("figure", 400.0), ("table", 600.0)):
            crop = f"crops/{page:04d}-{kind}.webp"
            _picture(f"{kind} {number}.{page}", number * 17 + page + len(kind)).save(folder / crop)
            box, caption = (
                BBox(50.0, top, 560.0, top + 150),
                f"{kind.title()} {page}: {TOPICS[number % 7]} of model {number}",
            )
            text = "| Code | Cause |\n|---|---|\n| E18 | drain |" if kind == "table" else "valve A"
            elements.append(Element(kind, Region(page, box), text, caption, image=crop, order=9))  # type: ignore[arg-type]
            chunks.append(_chunk(doc, kind, page, 0, text, box, caption=caption, image=crop))
        whole, image = "\n".join(texts), f"pages/{page:04d}.webp"
        chunks.append(_chunk(doc, "page", page, 0, whole, BBox(0.0, 0.0, 612.0, 792.0), image=image))
    return Document(doc, f"manual-{number}.pdf", f"Manual {number}", tuple(made), tuple(elements), tuple(chunks))


def _paragraph(number: int, page: int, i: int) -> str:
    topic = TOPICS[(number + page + i) % len(TOPICS)]
    return f"To clean the {topic} of model {number}, open flap {page}{i} and turn the screw. Wait until it has cooled."


def _chunk(doc: str, kind: str, page: int, i: int, text: str, box: BBox, **more: str) -> Chunk:
    name = hashlib.sha256(f"{doc}{kind}{page}{i}{text}".encode()).hexdigest()[:24]
    return Chunk(name, doc, kind, text, (Region(page, box),), **more)  # type: ignore[arg-type]


def _picture(label: str, seed: int) -> Image.Image:
    image = Image.new("RGB", (120, 90), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle(
        (seed * 7 % 60, seed * 13 % 40, 60 + seed * 5 % 60, 50 + seed * 3 % 40), fill=(seed * 40 % 256, 90, 160)
    )
    draw.text((4, 4), label, fill="black")
    return image
