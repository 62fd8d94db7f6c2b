"""From a page's regions to what they mean: kinds, joined text, lists, captions linked to figures and tables.

Enters: :class:`Block` values in reading order. Leaves: the same, cleaned and linked.
Pure; must not know PDF or pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingestion.elements import BBox, Cell, ElementKind
from ingestion.geometry import gap, height, horizontal_overlap, inside, union, vertical_overlap

CAPTION_WORDS = (
    r"fig(?:ure|\.)?|table|tab\.|chart|exhibit|diagram|graph|plate|box|map|scheme|algorithm|listing|"
    r"abb(?:ildung|\.)?|tabelle|tableau|figura|tabla|tabella|abbildung|рис(?:унок|\.)?|таблица|图|表|図|그림|표"
)
CAPTION = re.compile(
    rf"^\s*(?P<word>(?i:{CAPTION_WORDS}))\s*"
    r"(?P<number>[A-Z]?[-.]?\d+(?:[-.–]\d+)*[a-z]?|[IVXL]+\b|[A-Z]\b)\s*"
    r"(?:$|[:.|–—)\-：]|(?=[A-Z(\[“\"]))"
)
TABLE_WORDS = ("tab", "таб", "表", "표")
MAX_CAPTION_GAP = 70.0  # points
MAX_CAPTION_GAP_SHARE = 0.10  # of the page's height
MIN_CAPTION_OVERLAP = 0.30
COST_BETWEEN, COST_WRONG_KIND, COST_UNUSUAL_SIDE = 25.0, 30.0, 4.0  # points of distance each is worth
TITLE_GAP, TITLE_GAP_SHARE = 60.0, 0.08  # a heading this near above an unnumbered figure is its title
LIST_GAP = 14.0  # points between items of one list
MAX_LIST_WORDS = 160
SCENE_SHARE = 0.60  # a picture larger than this part of the page is a scene with text on it

KINDS: dict[str, ElementKind] = {
    "title": "title",
    "section-header": "heading",
    "text": "text",
    "list-item": "list",
    "table": "table",
    "picture": "figure",
    "caption": "caption",
    "formula": "formula",
    "footnote": "text",
}
FURNITURE = ("page-header", "page-footer")


@dataclass(frozen=True, slots=True)
class Block:
    """A region of one page while it is being understood. ``cells`` are a table's."""

    kind: ElementKind
    bbox: BBox
    text: str = ""
    font_size: float = 0.0
    caption: str = ""
    furniture: bool = False
    cells: tuple[Cell, ...] = ()


class CaptionLabel(NamedTuple):
    """What a caption starts with: ``family`` is figure or table, ``number`` as printed, upper case."""

    family: str
    number: str


def caption_label(text: str) -> CaptionLabel | None:
    """The label a caption opens with ("Fig. 3-8: …" → figure 3-8), or None for other text."""
    match = CAPTION.match(text)
    if not match:
        return None
    family = "table" if match["word"].lower().startswith(TABLE_WORDS) else "figure"
    return CaptionLabel(family, match["number"].upper().replace("–", "-").strip(".-"))


def join_lines(lines: Iterable[str]) -> str:
    """Lines to one paragraph; a word cut by a hyphen before a lower-case letter is mended."""
    text = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line[0].islower():
            text = text[:-1] + line
        elif text and _is_cjk(text[-1]) and _is_cjk(line[0]):
            text += line
        else:
            text = f"{text} {line}" if text else line
    return text


def fold_inner_text(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Words in a figure become its own text. A page-wide picture is a scene that text stands on: it takes none."""
    holders = [b for b in blocks if b.kind in ("figure", "table") and inside(page, b.bbox) < SCENE_SHARE]
    result: list[Block] = []
    inner: dict[int, list[str]] = {}
    for block in blocks:
        holder = next((h for h in holders if h is not block and inside(block.bbox, h.bbox) >= 0.8), None)
        if holder is None or (block.kind == "table" and holder.kind == "figure"):
            result.append(block)
        elif block.text and holder.kind == "figure":
            inner.setdefault(id(holder), []).append(block.text)
    return [replace(b, text="\n".join([b.text, *inner[id(b)]]).strip()) if id(b) in inner else b for b in result]


def merge_lists(blocks: Sequence[Block]) -> list[Block]:
    """Items of one list, below each other in one column, become one block of lines."""
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged else None
        if last and _same_list(last, block):
            merged[-1] = replace(last, bbox=union([last.bbox, block.bbox]), text=f"{last.text}\n{block.text}")
        else:
            merged.append(block)
    return merged


def link_captions(blocks: Sequence[Block], page: BBox) -> list[Block]:
    """Give every figure and table its caption: numbered ones first, then classed ones, then titles.

    Pairs are taken greedily, the cheapest first. A linked caption stays in the list as a block of kind
    ``caption``, so reading order is whole.
    """
    items = list(blocks)
    for i, block in enumerate(items):
        if block.kind in ("text", "list", "heading", "title") and caption_label(block.text) and len(block.text) < 900:
            items[i] = replace(block, kind="caption")
    items = _join_split_labels(items)
    targets = [i for i, b in enumerate(items) if b.kind in ("figure", "table")]
    captions = [i for i, b in enumerate(items) if b.kind == "caption"]
    limit = max(MAX_CAPTION_GAP, MAX_CAPTION_GAP_SHARE * height(page))
    pairs = sorted(
        (cost, c, t) for c in captions for t in targets if (cost := _caption_cost(items, c, t, limit)) is not None
    )
    taken: set[int] = set()
    numbered_first = sorted(pairs, key=lambda p: (caption_label(items[p[1]].text) is None, p[0]))
    for _, c, t in numbered_first:
        if c in taken or t in taken:
            continue
        taken |= {c, t}
        items[t] = replace(items[t], caption=items[c].text)
    return [_with_title(items, i, page) if i in set(targets) - taken else b for i, b in enumerate(items)]


def heading_levels(sizes: Iterable[float]) -> dict[int, int]:
    """Rounded font size → heading level from 1 (largest), over a whole document."""
    return {size: level for level, size in enumerate(sorted({round(s) for s in sizes}, reverse=True), 1)}


def _caption_cost(items: Sequence[Block], c: int, t: int, limit: float) -> float | None:
    caption, target = items[c], items[t]
    distance = gap(caption.bbox, target.bbox)
    beside = vertical_overlap(caption.bbox, target.bbox) >= MIN_CAPTION_OVERLAP
    stacked = horizontal_overlap(caption.bbox, target.bbox) >= MIN_CAPTION_OVERLAP
    if distance > limit or not (beside or stacked):
        return None
    label = caption_label(caption.text)
    cost = distance
    low, high = min(caption.bbox.y1, target.bbox.y1), max(caption.bbox.y0, target.bbox.y0)
    cost += COST_BETWEEN * sum(
        low - 1 <= b.bbox.y0 and b.bbox.y1 <= high + 1 and horizontal_overlap(b.bbox, target.bbox) > 0.3
        for i, b in enumerate(items)
        if i not in (c, t)
    )
    if label and label.family != target.kind:
        cost += COST_WRONG_KIND
    above = caption.bbox.y1 <= target.bbox.y0 + 2
    if (target.kind == "table") != above:
        cost += COST_UNUSUAL_SIDE
    if not stacked:
        cost += COST_UNUSUAL_SIDE
    return cost


def _with_title(items: Sequence[Block], index: int, page: BBox) -> Block:
    """An uncaptioned figure or table takes the heading just above it as its title."""
    target = items[index]
    limit = max(TITLE_GAP, TITLE_GAP_SHARE * height(page))
    above = [
        b
        for b in items
        if b.kind in ("heading", "title")
        and b.bbox.y1 <= target.bbox.y0 + 4
        and target.bbox.y0 - b.bbox.y1 <= limit
        and horizontal_overlap(b.bbox, target.bbox) >= MIN_CAPTION_OVERLAP
    ]
    if not above:
        return target
    return replace(target, caption=max(above, key=lambda b: b.bbox.y1).text)


def _join_split_labels(items: list[Block]) -> list[Block]:
    """ "TABLE I" and its title are often two boxes: join them."""
    joined: list[Block] = []
    for block in items:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == "caption"
            and len(last.text) < 14
            and block.kind in ("text", "caption", "heading")
            and caption_label(block.text) is None
            and 0 <= block.bbox.y0 - last.bbox.y1 < 14
            and len(block.text) < 300
        ):
            joined[-1] = replace(last, text=f"{last.text}: {block.text}", bbox=union([last.bbox, block.bbox]))
        else:
            joined.append(block)
    return joined


def _same_list(a: Block, b: Block) -> bool:
    return (
        a.kind == b.kind == "list"
        and -2 <= b.bbox.y0 - a.bbox.y1 <= LIST_GAP
        and horizontal_overlap(a.bbox, b.bbox) > 0.5
        and len(a.text.split()) + len(b.text.split()) <= MAX_LIST_WORDS
    )


def _is_cjk(char: str) -> bool:
    return "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" or "\uf900" <= char <= "\ufaff"
