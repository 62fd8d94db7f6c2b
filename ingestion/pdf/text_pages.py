"""The PDF library's text pages, put right as soon as they are made, so that all readings of a page are the same.

They then say ³ for a raised 3, one letter for a letter and its accent, words for letters set wide. The library's
functions (text, words, tables, layout) all ask the page for a text page and read that; so it is changed in place,
character by character, and nothing else need know.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple
from weakref import proxy, ref

import pymupdf

from ingestion.pdf.tiled_watermarks import watermark_letters
from ingestion.text.bidi import has_rtl
from ingestion.text.code_pages import is_suspect as is_suspect_of_code_page
from ingestion.text.code_pages import meant_by_font, recoded
from ingestion.text.glyphs import GONE, Edits, Glyph, accents, is_suspect, signs, spaces
from ingestion.text.superscripts import scripts, stacked_fraction

STRAIGHT = 0.99  # cosine between a line and the edge of the page, to be read along it
POINT = 0.01  # points: narrower is no width
PICTURE, DRAWING = pymupdf.mupdf.FZ_STEXT_BLOCK_IMAGE, pymupdf.mupdf.FZ_STEXT_BLOCK_VECTOR  # kinds of blocks
UNKNOWN = 101  # a kind that there is not
BUILT_ON = pymupdf.TEXT_SEGMENT  # flags of text pages that are read once, and changed as tables are looked for
DRAWN = "_drawn_by_page"  # where a document keeps what its last page draws, and its text pages
SHOWN = 16 | 32  # the library's flags of characters that are filled or stroked
TWICE_SHARE = 0.9  # of a line's letters that others have at the same places: it is drawn again

ALEFS = "\u0627\u0622\u0623\u0625\u0671"

Raw = Mapping[str, Any]


class _Change(NamedTuple):
    """What to change in a line: its ``text`` as read, characters by their index, and whether some share one place.

    ``again``: it is drawn a second time, or many times, and becomes
    blank. ``turned``: the first letters, by their index, of ligatures
    whose two letters are the wrong way round.
    """

    text: str
    edits: Edits
    points: bool
    again: bool = False
    turned: tuple[int, ...] = ()


class TextPage(pymupdf.TextPage):  # type: ignore[misc]  # an untyped class
    """A text page whose dictionaries leave pictures packed: their bytes, which nobody here reads, are a picture file
    each, made anew at every reading (a page of a paper: 0.3 s, four times).

    Of a page with a clip that has an end they leave pictures out. Otherwise a picture is its place: ``number``,
    ``type`` and ``bbox`` (PyMuPDF 2.0, 2026-11: blocks of kinds that the library does not know are left out, those of
    drawings are their place alone, and its method ``_getNewBlockList`` makes all dictionaries).
    """

    def _getNewBlockList(self, page_dict: dict[str, Any], raw: bool) -> None:
        endless = self.rect.is_infinite
        held = self.this.m_internal
        pictures = dict(_pictures_on(held) if endless else enumerate(_pictures_in(held)))
        for block in pictures.values():
            block.type = DRAWING if endless else UNKNOWN
        try:
            super()._getNewBlockList(page_dict, raw)
        finally:
            for block in pictures.values():  # the library frees by their kind
                block.type = PICTURE
        if endless and pictures:
            blocks = page_dict["blocks"]
            for number in pictures:
                blocks[number] = {"number": number, "type": PICTURE, "bbox": blocks[number]["bbox"]}


def picture_boxes(page: Any) -> list[tuple[float, float, float, float]]:
    """The boxes of a page's raster pictures in the order in which they are drawn, as ``page.get_image_info`` tells them
    beside a dozen other things; without those of which nothing is left inside the paths they are clipped to."""
    text_page = page.get_displaylist().get_textpage(flags=pymupdf.TEXT_PRESERVE_IMAGES)
    boxes = [block.bbox for block in _pictures_in(text_page.m_internal)]
    return [(box.x0, box.y0, box.x1, box.y1) for box in boxes]


def _pictures_on(text_page: Any) -> Iterator[tuple[int, Any]]:
    """The pictures among the outermost blocks, with their place in the list of those."""
    block, number = text_page.first_block, 0
    while block is not None:
        if block.type == PICTURE:
            yield number, block
        block, number = block.next, number + 1


def _pictures_in(text_page: Any) -> Iterator[Any]:
    """All pictures, those within parts of the page, too."""
    low = pymupdf.mupdf
    place = low.ll_fz_stext_page_block_iterator_begin_dfs(text_page)
    while (block := place.block) is not None:
        if block.type == PICTURE:
            yield block
        place = low.ll_fz_stext_page_block_iterator_next_dfs(place)


Changes = dict[tuple[float, float, str], list[_Change]]  # by the place of a line's first character, and that character


def forget_drawing(doc: Any) -> None:
    """To be called when what a page of :func:`with_mended_text` shows has changed."""
    for kept in getattr(doc, DRAWN, ()):
        kept.clear()


def drawings_of(doc: Any, page: Any) -> list[dict[str, Any]]:
    """What a page of :func:`with_mended_text` draws as paths (``get_cdrawings``). The library, which asks next, changes
    what it is given, so it is kept for one more."""
    found: list[dict[str, Any]] = page.get_cdrawings()
    for kept in getattr(doc, DRAWN, ())[2:]:
        kept[_seen_as(page)] = found
    return found


def _seen_as(page: Any) -> Hashable:
    """A page as it is now: its number, size and rotation."""
    return page.number, tuple(page.rect), page.rotation


def with_mended_text(doc: Any) -> Any:
    """The document, whose pages from now on put their text pages right.

    Its ``load_page`` and the ``get_textpage`` of its pages are replaced (PyMuPDF 2.0, 2026-11). It also keeps the texts
    that its structure gives for what is drawn (ActualText): the library's layout takes the structure away before it
    reads a page, so it is put back. And what the last page draws (``get_displaylist``) is kept, so that its pictures,
    at two sizes, and the places of its raster images take one reading of it; so are its text pages, of which the
    library's tables ask for the same two again and again, and its paths (``get_cdrawings``) where we asked first.
    """
    load, tree = doc.load_page, list[str]()
    drawn: dict[Hashable, Any] = {}
    texts: dict[Hashable, dict[Any, Any]] = {}  # by the same place, and flags
    paths: dict[Hashable, list[dict[str, Any]]] = {}
    setattr(doc, DRAWN, (drawn, texts, paths))
    known: dict[Hashable, dict[int | None, Changes]] = {}  # by page and its size: a page is read a dozen times

    def loaded(*args: Any, **kwargs: Any) -> Any:
        if doc.is_pdf:
            kind, value = doc.xref_get_key(doc.pdf_catalog(), "StructTreeRoot")
            if kind == "xref":
                tree[:] = [value]
            elif tree:
                doc.xref_set_key(doc.pdf_catalog(), "StructTreeRoot", tree[0])
        page = load(*args, **kwargs)
        make, owner = type(page).get_textpage, ref(page)  # weak: a cycle would keep the page

        def mended(*args: Any, **kwargs: Any) -> Any:
            shown: Any = owner()
            place = _seen_as(shown)
            if place not in texts:
                texts.clear()
            held, flags = texts.setdefault(place, {}), kwargs.get("flags")
            whole = not (args or kwargs.get("clip") or kwargs.get("matrix"))
            if whole and flags in held:
                held[flags].parent = proxy(shown)
                return held[flags]
            text_page = make(shown, *args, **kwargs)
            text_page.__class__ = TextPage
            _recode(text_page)
            readings = known.setdefault(place, {})  # by flags, which decide what is a line; most agree with the first
            guess = _guess(readings, flags)
            if guess is None or not _change(text_page, guess):
                wanted = _changes(text_page)
                _change(text_page, wanted)
                if whole:
                    readings[flags] = wanted
            if whole and not (flags or 0) & BUILT_ON:
                held[flags] = text_page
            return text_page

        draw = type(page).get_displaylist

        def drawing(annots: int = 1) -> Any:
            shown: Any = owner()
            place = _seen_as(shown), annots
            if place not in drawn:
                drawn.clear()
                drawn[place] = draw(shown, annots)
            return drawn[place]

        page.get_textpage, page.get_displaylist, page.get_cdrawings = mended, drawing, _traced(page, paths)
        return page

    doc.load_page = loaded
    return doc


def _traced(page: Any, kept: dict[Hashable, list[dict[str, Any]]]) -> Any:
    """The page's ``get_cdrawings``, which hands out what :func:`drawings_of` has kept, once."""
    trace, owner = type(page).get_cdrawings, ref(page)

    def traced(extended: Any = None, **options: Any) -> Any:
        shown: Any = owner()
        held = None if extended or options else kept.pop(_seen_as(shown), None)
        kept.clear()
        return trace(shown, extended, **options) if held is None else held

    return traced


def _recode(text_page: Any) -> None:
    """Letters of fonts whose code page is another than they say."""
    if not is_suspect_of_code_page(text_page.extractText()):
        return
    held: dict[str, list[list[Any]]] = {}  # by font, the characters of each line
    for line in _lines(text_page.this):
        fonts: dict[str, list[Any]] = {}
        for node in _nodes(line.m_internal):
            fonts.setdefault(pymupdf.mupdf.ll_fz_font_name(node.font), []).append(node)
        for font, nodes in fonts.items():
            held.setdefault(font, []).append(nodes)
    texts = {font: "\n".join("".join(chr(n.c) for n in nodes) for nodes in lines) for font, lines in held.items()}
    for font, page in meant_by_font(texts).items():
        for node in chain.from_iterable(held[font]):
            node.c = ord(recoded(chr(node.c), page))


def _guess(readings: Mapping[int | None, Changes], flags: int | None) -> Changes | None:
    """What is likely to be changed in a reading: what was in the first one, unless letters are drawn again there; with
    some flags the library itself leaves those out."""
    if flags in readings:
        return readings[flags]
    first = next(iter(readings.values()), None)
    again = first and any(change.again for changes in first.values() for change in changes)
    return None if again else first


def _widen_rest(line: Any) -> None:
    """Characters of a text that is longer than the one drawn share the place of the last that is drawn."""
    nodes = _nodes(line)
    run = nodes[:1]
    for node in [*nodes[1:], None]:
        if node is not None and _is_point(chr(node.c), node.quad.ul.x, node.quad.ur.x):
            run.append(node)
            continue
        if len(run) > 1:
            _spread(run, float(run[0].quad.ul.x), float(run[0].quad.ur.x))
        run = [] if node is None else [node]


def _is_point(char: str, left: float, right: float) -> bool:
    return right - left < POINT and unicodedata.category(char) != "Mn"


def _spread(nodes: Sequence[Any], start: float, end: float) -> None:
    step = (end - start) / len(nodes)
    for i, node in enumerate(nodes):
        node.quad.ul.x = node.quad.ll.x = start + i * step
        node.quad.ur.x = node.quad.lr.x = start + (i + 1) * step


def _turn_ligature(alef: Any, lam: Any) -> None:
    """Both letters in the order in which they are read, each over half of the glyph."""
    alef.c, lam.c = lam.c, alef.c
    middle = (lam.quad.ul.x + lam.quad.ur.x) / 2
    alef.quad.ur.x = alef.quad.lr.x = lam.quad.ur.x
    alef.quad.ul.x = alef.quad.ll.x = lam.quad.ur.x = lam.quad.lr.x = middle


def _nodes(line: Any) -> list[Any]:
    held, node = [], line.first_char
    while node:
        held.append(node)
        node = node.next
    return held


def _changes(text_page: Any) -> Changes:
    """What has to be changed in a text page."""
    wanted: Changes = {}
    blocks = text_page.extractRAWDICT()["blocks"]
    lines = [line for block in blocks for line in block.get("lines", ()) if any(s["chars"] for s in line["spans"])]
    again = _drawn_again(lines)
    shared = {_place(lines[i]) for i in again}
    fractions, watermarks = _fractions(lines), watermark_letters(lines)
    for i, line in enumerate(lines):
        chars: Sequence[Raw] = [char for span in line["spans"] for char in span["chars"]]
        text = "".join([char["c"] for char in chars])
        blank = dict.fromkeys(range(len(text)), " ") if i in again else None
        edits = blank or (_edits(line) if _is_suspect(line, text) else {}) | fractions.get(i, {})
        edits |= dict.fromkeys(watermarks.get(i, ()), " ")
        points, turned = _has_points(line, chars), _turned_ligatures(line, chars, text)
        if edits or points or turned or (shared and _place(line) in shared):
            wanted.setdefault(_place(line), []).append(
                _Change(text, edits, points, i in again or i in watermarks, turned)
            )
    return wanted


def _fractions(lines: Sequence[Raw]) -> dict[int, Edits]:
    """What to change in lines between which a fraction stands, by their index."""
    found: dict[int, Edits] = {}
    for i, (upper, lower) in enumerate(pairwise(lines)):
        last, first = upper["spans"][-1], lower["spans"][0]
        if not (last["chars"] and first["chars"]) or last["size"] >= max(
            s["size"] for s in (*upper["spans"], *lower["spans"])
        ):
            continue
        if not (last["chars"][-1]["c"].isdigit() and first["chars"][0]["c"].isdigit()) or upper["dir"] != lower["dir"]:
            continue
        x, y = upper["dir"]
        glyphs = ([glyph for span in line["spans"] for glyph in _glyphs(span, x, y)] for line in (upper, lower))
        above, below = stacked_fraction(*glyphs)
        if above:
            found[i] = found.get(i, {}) | above
            found[i + 1] = below
    return found


def _drawn_again(lines: Sequence[Raw]) -> set[int]:
    """Lines, by their index, of which other lines have nearly all letters at the same places: some programs draw a text
    twice, once in pieces. The fuller one is kept."""
    if len({_place(line) for line in lines}) == len(lines):  # the first letter of a piece begins both
        return set()
    spots = [_spots(line) for line in lines]
    count = Counter(spot for held in spots for spot in held)
    found = set()
    for i in sorted(range(len(lines)), key=lambda i: (len(spots[i]), -i)):
        twice = sum(count[spot] > 1 for spot in spots[i])
        if spots[i] and twice >= TWICE_SHARE * len(spots[i]):
            found.add(i)
            count.subtract(spots[i])
    return found


def _spots(line: Raw) -> set[tuple[float, float, str]]:
    """The letters of a line, each with its place."""
    chars = (char for span in line["spans"] for char in span["chars"] if not char["c"].isspace())
    return {(round(char["origin"][0]), round(char["origin"][1]), char["c"]) for char in chars}


def _place(line: Raw) -> tuple[float, float, str]:
    """Where a line begins, and with what."""
    first = next(char for span in line["spans"] for char in span["chars"])
    return _key(first["origin"][0], first["origin"][1], first["c"])


def _change(text_page: Any, wanted: Changes) -> bool:
    """Change its lines; False where some of ``wanted`` are not in it as they were read."""
    left = {place: list(changes) for place, changes in wanted.items()}
    for node in _lines(text_page.this) if wanted else ():
        line, first = node.m_internal, node.m_internal.first_char
        changes = left.get(_key(first.origin.x, first.origin.y, chr(first.c)), []) if first else []
        done = next((change for change in changes if _write(line, change)), None)
        if done is not None:
            changes.remove(done)
    return not any(left.values())


def _is_suspect(line: Raw, text: str) -> bool:
    """A quick look, since most lines are right as they are."""
    return len({round(span["size"], 1) for span in line["spans"]}) > 1 or is_suspect(text)


def _has_points(line: Raw, chars: Sequence[Raw]) -> bool:
    """Whether characters stand behind one that is drawn, all at one place."""
    boxes = [char["bbox"] for char in chars[1:]]
    if line["dir"][0] < STRAIGHT or not any(box[2] - box[0] < POINT for box in boxes):
        return False
    if not any(_is_point(c["c"], c["bbox"][0], c["bbox"][2]) for c in chars[1:]):
        return False
    return not has_rtl("".join(char["c"] for char in chars))


def _turned_ligatures(line: Raw, chars: Sequence[Raw], text: str) -> tuple[int, ...]:
    """Where the library has the letters of a lam with an alef (لا), one glyph, the wrong way round: it turns letters of
    right-to-left words that are drawn from left to right, those of the ligature with them. The alef has no width then,
    and stands where the lam begins."""
    if "\u0644" not in text or line["dir"][0] < STRAIGHT:
        return ()
    boxes = [char["bbox"] for char in chars]
    return tuple(
        i
        for i, (first, second) in enumerate(pairwise(text))
        if first in ALEFS and second == "\u0644"
        if boxes[i][2] - boxes[i][0] < POINT and abs(boxes[i][0] - boxes[i + 1][2]) < POINT
    )


def _key(x: float, y: float, char: str) -> tuple[float, float, str]:
    return round(x, 2), round(y, 2), char


def _lines(text_page: Any) -> Iterator[Any]:
    for block in text_page:
        if block.m_internal.type == 0:
            yield from block


def _edits(line: Raw) -> Edits:
    """What to change in a line of the library's dictionary."""
    x, y = line["dir"]
    if max(abs(x), abs(y)) < STRAIGHT or line.get("wmode"):
        return {}
    if not any(span.get("char_flags", SHOWN) & SHOWN for span in line["spans"]):
        return {}  # what an OCR engine laid under the page has its own sizes
    glyphs = [glyph for span in line["spans"] for glyph in _glyphs(span, x, y)]
    if has_rtl("".join(glyph.text for glyph in glyphs)):
        return signs(glyphs)
    edits = signs(glyphs) | accents(glyphs) | spaces(glyphs)
    return scripts(glyphs) | edits


def _glyphs(span: Raw, x: float, y: float) -> Iterator[Glyph]:
    for char in span["chars"]:
        box, (left, top) = char["bbox"], char["origin"]
        if abs(x) > abs(y):
            x0, x1 = (box[0], box[2]) if x > 0 else (-box[2], -box[0])
        else:
            x0, x1 = (box[1], box[3]) if y > 0 else (-box[3], -box[1])
        yield Glyph(char["c"], x0, x1, left * y - top * x, span["size"], span["font"], bool(char.get("synthetic")))


def _write(line: Any, change: _Change) -> bool:
    """Change a line of the text page; False where its characters are not those that were read."""
    held = _nodes(line)
    if "".join([chr(node.c) for node in held]) != change.text:
        return False
    if change.points:
        _widen_rest(line)
    for i in change.turned:
        _turn_ligature(held[i], held[i + 1])
    last = None
    for i, node in enumerate(held):
        text = change.edits.get(i)
        if text == GONE:
            if last is not None:
                last.next = node.next
            elif i + 1 < len(held):
                line.first_char = node.next
            continue
        if text is not None:
            node.c = ord(text)
        last = node
    if last is not None:
        line.last_char = last
    return True
