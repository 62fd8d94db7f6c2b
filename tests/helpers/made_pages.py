"""Drawn pages of one layout with different words and numbers, and what people do to pieces of them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from ingestion.elements import BBox, Chunk, Document, Page, Region, lines_file

SCALE = 2.0  # pixels a point of the pages drawn here
CHART = BBox(60, 300, 300, 480)
TABLE = BBox(330, 300, 560, 420)


def lines(seed: int) -> list[tuple[str, BBox]]:
    """The lines of a page with their boxes in points: twelve of prose, then names and numbers of the table's rows."""
    random = np.random.default_rng(seed)
    prose = [f"Line {row} of the report says {random.integers(9999)} in words" for row in range(12)]
    found = [(text, BBox(50, 40 + 17 * row, 50 + 4.6 * len(text), 52 + 17 * row)) for row, text in enumerate(prose)]
    for row in range(6):
        y = TABLE.y0 + 20 * row + 3
        found.append((f"Income of unit {row}", BBox(TABLE.x0 + 5, y, TABLE.x0 + 105, y + 14)))
        found.append((f"{random.integers(10000, 99999):,}", BBox(TABLE.x1 - 60, y, TABLE.x1 - 22, y + 14)))
    return found


def page(seed: int = 0) -> Image.Image:
    """Lines of text, a chart and a table whose layout never changes; ``seed`` changes what they say."""
    random = np.random.default_rng(1000 + seed)
    image = Image.new("RGB", (1224, 1584), "white")
    draw = ImageDraw.Draw(image)
    small, large = ImageFont.load_default(18), ImageFont.load_default(24)
    for number, (text, box) in enumerate(lines(seed)):
        draw.text((box.x0 * SCALE, box.y0 * SCALE), text, "black", small if number < 12 else large)
    left, top, right, bottom = (round(v * SCALE) for v in CHART)
    draw.rectangle((left, top, right, bottom), outline="black", fill=(235, 240, 250))
    for bar in range(8):
        height = int(random.integers(40, 300))
        red, green, blue = (int(v) for v in random.integers(30, 220, 3))
        x = left + 20 + 56 * bar
        draw.rectangle((x, bottom - height, x + 40, bottom), fill=(red, green, blue))
        draw.text((x, bottom - height - 24), str(random.integers(100, 999)), "black", small)
    left, top, right, bottom = (round(v * SCALE) for v in TABLE)
    for row in range(6):
        draw.line((left, top + 40 * row, right, top + 40 * row), "black", 2)
    return image


def cut(image: Image.Image, box: BBox) -> Image.Image:
    x0, y0, x1, y1 = (round(v * SCALE) for v in box)
    return image.crop((x0, y0, x1, y1))


def framed(image: Image.Image) -> Image.Image:
    canvas = Image.new("RGB", (image.width + 160, image.height + 180), (30, 60, 90))
    ImageDraw.Draw(canvas).rectangle((60, 50, image.width + 100, image.height + 120), fill=(245, 245, 245))
    canvas.paste(image, (80, 90))
    return canvas


def photographed(image: Image.Image) -> Image.Image:
    turned = image.rotate(2.5, expand=True, fillcolor=(90, 90, 90), resample=Image.Resampling.BICUBIC)
    return ImageEnhance.Contrast(turned).enhance(0.8).filter(ImageFilter.GaussianBlur(1.0))


def smaller(image: Image.Image) -> Image.Image:
    return image.resize((round(image.width * 0.4), round(image.height * 0.4)), Image.Resampling.BILINEAR)


def at_night(image: Image.Image) -> Image.Image:
    """Light on dark, as a viewer shows a page at night."""
    return ImageChops.invert(image).point(lambda level: 24 + level * 4 // 5)


def sepia(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), (91, 70, 54), (244, 236, 216))


def scanned(image: Image.Image) -> Image.Image:
    grey = np.asarray(image.convert("L").filter(ImageFilter.GaussianBlur(0.7)), dtype=float)
    grain = np.random.default_rng(5).normal(10, 7, grey.shape)
    return Image.fromarray((grey * 0.9 + grain).clip(0, 255).astype(np.uint8)).convert("RGB")


def on_its_side(image: Image.Image) -> Image.Image:
    return image.rotate(90, expand=True)


def on_its_head(image: Image.Image) -> Image.Image:
    return image.rotate(180)


def marked(image: Image.Image) -> Image.Image:
    """With a red frame and an arrow drawn on it."""
    copy, (width, height) = image.copy(), image.size
    draw = ImageDraw.Draw(copy)
    draw.rectangle((width // 5, height // 4, width * 3 // 5, height * 3 // 5), outline=(230, 20, 20), width=5)
    draw.line((width * 3 // 5, height * 3 // 5, width * 4 // 5, height * 9 // 10), fill=(230, 20, 20), width=6)
    return copy


def from_aside(image: Image.Image) -> Image.Image:
    """Photographed on a table from aside: the far edge is a tenth shorter, one side is in the shade."""
    width, height = image.size
    margin, far = 60, width // 20
    size = (width + 2 * margin, height * 9 // 10 + 2 * margin)
    bottom = size[1] - margin
    corners = [(margin + far, margin), (margin + width - far, margin + 10), (margin + width, bottom), (margin, bottom)]
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    rows, seen = [], []
    for (x, y), (u, v) in zip(corners, flat, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        seen += [u, v]
    way = np.linalg.solve(np.array(rows, dtype=float), np.array(seen, dtype=float))
    table = image.transform(
        size, Image.Transform.PERSPECTIVE, way.tolist(), Image.Resampling.BICUBIC, fillcolor=(96, 78, 60)
    )
    shade = np.linspace(0.6, 1.0, size[0])[None, :, None]
    return Image.fromarray((np.asarray(table) * shade).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8))


def make_document(folder: Path, name: str, seeds: tuple[int, ...], with_lines: bool = True) -> Document:
    """One page a seed below ``folder``, each with lines of text, a figure and a table, as the reader leaves them."""
    doc = hashlib.sha256(name.encode()).hexdigest()
    for part in ("pages", "crops"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    (folder / "original.pdf").write_bytes(name.encode())
    chunks, pages = [], []
    for number, seed in enumerate(seeds, 1):
        image, said = page(seed), [line for line, _ in lines(seed)]
        stored = f"pages/{number:04d}.webp"
        image.save(folder / stored, lossless=True)
        if with_lines:
            (folder / lines_file(number)).write_text(json.dumps([[text, *box] for text, box in lines(seed)]))
        pages.append(Page(number, 612.0, 792.0, 0, stored, str(number)))
        for kind, box, words in (("figure", CHART, ""), ("table", TABLE, "\n".join(said[12:]))):
            crop = f"crops/{number:04d}-{kind}.webp"
            cut(image, box).save(folder / crop, lossless=True)
            chunks.append(_chunk(doc, kind, number, words, box, image=crop))
        chunks.append(_chunk(doc, "text", number, " ".join(said[:12]), BBox(50, 40, 400, 240)))
        chunks.append(_chunk(doc, "page", number, "\n".join(said), BBox(0, 0, 612, 792), image=stored))
    return Document(doc, f"{name}.pdf", name, tuple(pages), (), tuple(chunks))


def _chunk(doc: str, kind: str, number: int, text: str, box: BBox, image: str | None = None) -> Chunk:
    return Chunk(f"{doc[:8]}-{kind}-{number}", doc, kind, text, (Region(number, box),), image=image)  # type: ignore[arg-type]
