#!/usr/bin/env python3
"""Pictures as people paste them, cut out of the documents of an index: make_screenshots.py PDFS OUT --index DIR.

Drawings, dialogs, icons and tables are rendered at 80 to 200 dpi and disturbed: one after the other of :data:`EFFECTS`.
Writes OUT/development.jsonl and OUT/held_out.jsonl, question files for screenshots.py; a document's name decides in
which of the two all its pictures are. The same index and seed give the same pictures. ``--limit``: pictures in each.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pymupdf
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps, ImageStat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ingestion.elements import BBox
from rag.config import Settings, quiet
from rag.index import Index

DPI = (80, 100, 120, 150, 200)
LEAST_SIDE, LEAST_AREA = 36.0, 4000.0  # points and square points of a region that is cut out
LARGEST_SHARE = 0.8  # of the page's area
LEAST_INK = 12.0  # deviation of grey levels below which a cut-out shows nothing
MARGIN = 0.06  # of a region's sides, by which its cut-out may be larger
PART = (0.45, 0.75)  # of a region's sides, that a part of it has
TALL = 30  # pixels of a window's title bar

Effect = Callable[[Image.Image, random.Random], Image.Image]


class Region(NamedTuple):
    """A figure or table on its page; ``box`` in points."""

    doc: str
    page: int
    box: BBox
    kind: str


def plain(image: Image.Image, rng: random.Random) -> Image.Image:
    return image


def resampled(image: Image.Image, rng: random.Random) -> Image.Image:
    """Made smaller or larger by a viewer that does it in a hurry."""
    factor = rng.uniform(0.5, 1.5)
    size = max(40, round(image.width * factor)), max(40, round(image.height * factor))
    return image.resize(size, rng.choice([Image.Resampling.NEAREST, Image.Resampling.BILINEAR]))


def grey(image: Image.Image, rng: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(image.convert("L")).enhance(rng.uniform(0.5, 0.9)).convert("RGB")


def turned(image: Image.Image, rng: random.Random) -> Image.Image:
    angle = rng.uniform(-3, 3)
    return image.rotate(angle, expand=True, fillcolor=(255, 255, 255), resample=Image.Resampling.BICUBIC)


def photo(image: Image.Image, rng: random.Random) -> Image.Image:
    """From aside on a table, unevenly lit and not quite sharp."""
    pad = round(0.08 * max(image.size))
    image = ImageOps.expand(image, pad, (250, 248, 240))
    image = ImageOps.expand(image, pad // 2, rng.choice([(60, 60, 70), (190, 170, 150)]))
    (w, h), lean = image.size, 0.05
    corners = [(0, 0), (0, h), (w, h), (w, 0)]
    quad = [c for x, y in corners for c in (x + rng.uniform(-lean, lean) * w, y + rng.uniform(-lean, lean) * h)]
    way = Image.Transform.QUAD
    image = image.transform((w, h), way, quad, Image.Resampling.BICUBIC, fillcolor=(90, 90, 90))
    shade = Image.linear_gradient("L").rotate(rng.choice([0, 90, 180, 270])).resize((w, h))
    dark = ImageEnhance.Brightness(image).enhance(rng.uniform(0.65, 0.8))
    image = Image.composite(image, dark, shade)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.0)))


def window(image: Image.Image, rng: random.Random) -> Image.Image:
    """In a viewer's window, with its title bar and the desktop around it."""
    image = ImageOps.expand(image, rng.randint(2, 12), rng.choice([(255, 255, 255), (225, 228, 235)]))
    canvas = Image.new("RGB", (image.width, image.height + TALL), (70, 110, 180))
    ImageDraw.Draw(canvas).text((8, 9), "Viewer - manual.pdf", fill=(255, 255, 255))
    canvas.paste(image, (0, TALL))
    return ImageOps.expand(canvas, rng.randint(10, 30), rng.choice([(32, 36, 44), (0, 90, 120), (230, 230, 235)]))


def marked(image: Image.Image, rng: random.Random) -> Image.Image:
    """With the pointer in it, and what was meant in a red ring."""
    image, (w, h) = image.copy(), image.size
    x, y, r = rng.uniform(0.2, 0.8) * w, rng.uniform(0.2, 0.8) * h, 0.15 * min(w, h)
    pen = ImageDraw.Draw(image)
    pen.ellipse([x - 1.6 * r, y - r, x + 1.6 * r, y + r], outline=(230, 20, 30), width=3)
    arrow = [(0, 0), (0, 17), (4, 13), (7, 20), (10, 19), (7, 12), (12, 12)]
    pen.polygon([(x + px, y + py) for px, py in arrow], fill=(255, 255, 255), outline=(0, 0, 0))
    return image


def night(image: Image.Image, rng: random.Random) -> Image.Image:
    return ImageEnhance.Contrast(ImageOps.invert(image)).enhance(rng.uniform(0.7, 1.0))


def tinted(image: Image.Image, rng: random.Random) -> Image.Image:
    paper = rng.choice([(190, 215, 255), (255, 236, 200), (205, 205, 245)])
    return ImageOps.colorize(image.convert("L"), (20, 30, 60), paper)


EFFECTS: dict[str, Effect] = {
    "plain": plain,
    "resampled": resampled,
    "jpeg": plain,
    "grey": grey,
    "photo": photo,
    "turned": turned,
    "part": plain,
    "part photo": photo,
    "window": window,
    "marked": marked,
    "night": night,
    "tinted": tinted,
}


def regions(index: Index) -> Iterator[Region]:
    """Figures and tables of a size that is pasted, not almost the whole page."""
    for row in index.catalogue.documents():
        area = {page.number: page.width * page.height for page in index.catalogue.pages(row.id)}
        for chunk in index.catalogue.chunks_of(row.id, None, ("figure", "table")):
            x0, y0, x1, y1 = chunk.bbox
            size = (x1 - x0) * (y1 - y0)
            wide_enough = min(x1 - x0, y1 - y0) >= LEAST_SIDE and size >= LEAST_AREA
            if wide_enough and size <= LARGEST_SHARE * area[chunk.page]:
                yield Region(row.name, chunk.page, chunk.bbox, chunk.kind)


def cut_box(box: BBox, part: bool, rng: random.Random) -> BBox:
    """The region with a little around it, or a part of it."""
    wide, tall = box.x1 - box.x0, box.y1 - box.y0
    if part:
        w, h = wide * rng.uniform(*PART), tall * rng.uniform(*PART)
        x, y = box.x0 + rng.random() * (wide - w), box.y0 + rng.random() * (tall - h)
        return BBox(x, y, x + w, y + h)
    left, top, right, bottom = (rng.uniform(-MARGIN / 3, MARGIN) for _ in range(4))
    return BBox(box.x0 - left * wide, box.y0 - top * tall, box.x1 + right * wide, box.y1 + bottom * tall)


def make(pdfs: Path, out: Path, half: str, found: list[Region], rng: random.Random, limit: int, each: int) -> int:
    """Pictures of one half and their question file; returns how many."""
    used: dict[str, int] = {}
    lines: list[str] = []
    names = list(EFFECTS)
    for region in rng.sample(found, len(found)):
        if len(lines) >= limit or used.get(region.doc, 0) >= each:
            continue
        how = names[len(lines) % len(names)]
        with pymupdf.open(pdfs / region.doc) as pdf:
            page = pdf[region.page - 1]
            clip = pymupdf.Rect(*cut_box(region.box, how.startswith("part"), rng)) & page.rect
            pixels = page.get_pixmap(dpi=rng.choice(DPI), clip=clip)
        image = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
        if ImageStat.Stat(image.convert("L")).stddev[0] < LEAST_INK:
            continue
        image = EFFECTS[how](image, rng)
        ending = "jpg" if how == "jpeg" or "photo" in how else "png"
        name = f"{half}{len(lines):03d}.{ending}"
        image.save(out / name, quality=rng.randint(30, 60))  # of a JPEG; a PNG has none
        box = {"page": region.page, "bbox": [round(value, 1) for value in clip]}
        line = {"question": "", "image": name, "doc": region.doc, "pages": [region.page], "boxes": [box]}
        lines.append(json.dumps({**line, "kinds": [region.kind], "how": how}))
        used[region.doc] = used.get(region.doc, 0) + 1
    (out / f"{half}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def half_of(doc: str) -> str:
    return "held_out" if hashlib.sha256(doc.encode()).digest()[0] % 2 else "development"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdfs", type=Path, help="folder of the documents' files")
    parser.add_argument("out", type=Path)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=84)
    parser.add_argument("--each", type=int, default=10, help="pictures of one document at the most")
    parser.add_argument("--seed", type=int, default=11)
    args = parser.parse_args()
    quiet()
    args.out.mkdir(parents=True, exist_ok=True)
    with Index.open(Settings.from_environment(index=args.index)) as index:
        found = [region for region in regions(index) if (args.pdfs / region.doc).exists()]
    for half in ("development", "held_out"):
        own = [region for region in found if half_of(region.doc) == half]
        print(half, make(args.pdfs, args.out, half, own, random.Random(args.seed), args.limit, args.each))


if __name__ == "__main__":
    main()
