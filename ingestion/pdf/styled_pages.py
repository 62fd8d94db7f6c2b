"""Text pages that tell the styles of their letters, in a time that grows with the letters and not with their square.

With the flag for styles (underlined, struck out, bold by drawing twice) the PDF library asks of every letter whether
one like it stands at its place already, and looks through all letters before it: 20 to 50 ms of a page full of text, of
which the rest takes 2. Here it looks through the last block alone. Whether two letters of different blocks stand in one
place is told afterwards, of all at once, with numpy; where two may, the page is left to the library. So what is made
here is what the library makes, to the last bit.

Facts relied on (PyMuPDF 2.0, MuPDF 1.28.5, 2026-11): the library looks through what the page's ``first_block`` begins,
and adds blocks to the part of the page that ``last_struct`` names, behind its ``last_block``. Here that part is one
whose ``last_block`` is the page's ``first_block``: both are the same field in memory. With ``TEXT_COLLECT_STRUCTURE``
the parts of a tagged document go there, so that is left to the library. Two letters are one where signs and fonts are
the same and places less than a tenth of the later one's size apart, along both axes. Pages and letters are read in
memory as the library's headers lay them out, after a first one was compared with what the library says of it.
"""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import numpy as np
import pymupdf
from numpy.typing import NDArray
from pymupdf import mupdf

KNOWN = ("2.0",)  # versions whose memory and way of looking are those that were compared
NEAR = 0.101  # of a letter's size: the library's tenth, and what rounding may add
DOUBLED = 2  # times that: as far apart two letters may stand of which a third, that is one with either, made one bold
FARTHEST = 1e6  # points: places beyond are left to the library
MOST_BESIDE = 64  # letters beside each other that are compared; more are left to the library
NO_BLOCK = 101  # a kind of blocks that there is not
ADDRESSES = 1 << 47  # bytes: all that a process has
BOLD, FILLED, STROKED = (mupdf.FZ_STEXT_BOLD, mupdf.FZ_STEXT_FILLED, mupdf.FZ_STEXT_STROKED)

UPRIGHT = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0  # the matrix that changes nothing
_library_text_page = pymupdf.Page._get_textpage

Numbers = NDArray[np.float32]


class Letters(NamedTuple):
    """Of each letter its sign, as a number, its place and its size, in points, and whether it may be drawn twice."""

    signs: NDArray[np.int32]
    x: Numbers
    y: Numbers
    sizes: Numbers
    doubled: NDArray[np.bool_]


class _Page(ctypes.Structure):
    """``fz_stext_page``."""

    _fields_ = (
        ("refs", ctypes.c_int),
        ("pool", ctypes.c_void_p),
        ("mediabox", ctypes.c_float * 4),
        ("first_block", ctypes.c_void_p),
        ("last_block", ctypes.c_void_p),
        ("last_struct", ctypes.c_void_p),
    )


class _Part(ctypes.Structure):
    """``fz_stext_struct``."""

    _fields_ = (
        ("up", ctypes.c_void_p),
        ("parent", ctypes.c_void_p),
        ("first_block", ctypes.c_void_p),
        ("last_block", ctypes.c_void_p),
    )


class _Block(ctypes.Structure):
    """``fz_stext_block``, as far as it is told for a block of text."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("id", ctypes.c_int),
        ("bbox", ctypes.c_float * 4),
        ("first_line", ctypes.c_void_p),
        ("more", ctypes.c_void_p * 3),
        ("prev", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
    )


class _Line(ctypes.Structure):
    """``fz_stext_line``."""

    _fields_ = (
        ("wmode", ctypes.c_uint8),
        ("flags", ctypes.c_uint8),
        ("direction", ctypes.c_float * 2),
        ("bbox", ctypes.c_float * 4),
        ("first_letter", ctypes.c_void_p),
        ("last_letter", ctypes.c_void_p),
        ("prev", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
    )


class _Letter(ctypes.Structure):
    """``fz_stext_char``."""

    _fields_ = (
        ("sign", ctypes.c_int),
        ("bidi", ctypes.c_uint16),
        ("flags", ctypes.c_uint16),
        ("colour", ctypes.c_uint32),
        ("x", ctypes.c_float),
        ("y", ctypes.c_float),
        ("quad", ctypes.c_float * 8),
        ("size", ctypes.c_float),
        ("font", ctypes.c_void_p),
        ("next", ctypes.c_void_p),
    )


def _memory(kind: Any) -> NDArray[Any]:
    """The memory of this process as numbers, from the second on: numpy takes no address 0. See :func:`_read`."""
    size = np.dtype(kind).itemsize
    return np.ndarray((ADDRESSES // size - 1,), kind, (ctypes.c_char * (ADDRESSES - size)).from_address(size))


WIDE = ctypes.sizeof(ctypes.c_void_p) == 8  # addresses of 64 bits
_AS = {kind: _memory(kind) for kind in (np.int32, np.float32, np.uint16, np.int64)} if WIDE else {}


def use_quick_styles() -> None:
    """Have the library's pages of this process make their text pages here."""
    if WIDE and pymupdf.__version__ in KNOWN:
        pymupdf.Page._get_textpage = _text_page


def _text_page(page: Any, clip: Any = None, flags: int = 0, matrix: Any = None) -> Any:
    styles = flags & pymupdf.TEXT_COLLECT_STYLES and (matrix is None or tuple(matrix) == UPRIGHT)
    made = styled_page(page, clip, flags) if styles else None
    return _library_text_page(page, clip, flags=flags, matrix=matrix) if made is None else made


def styled_page(page: Any, clip: Any, flags: int) -> Any:
    """The text page of a page that is not rotated, as the library makes it with ``flags``, which has that of styles;
    None where the library has to make it. ``clip`` is a rectangle of the library, or None for the page."""
    doc, parts = page.parent, pymupdf.TEXT_COLLECT_STRUCTURE
    if not doc.is_pdf or (flags & parts and doc.xref_get_key(doc.pdf_catalog(), "StructTreeRoot")[0] != "null"):
        return None
    made = mupdf.FzStextPage(mupdf.fz_bound_page(page.this) if clip is None else pymupdf.JM_rect_from_py(clip))
    held = made.m_internal
    before = mupdf.ll_fz_new_stext_struct(held, 0, "", 0)  # what the first block is added behind
    before.type = NO_BLOCK
    device, as_it_is = mupdf.fz_new_stext_device(made, mupdf.FzStextOptions(flags & ~parts)), mupdf.FzMatrix()
    held.first_block = before
    memory = _Page.from_address(int(held.this))
    if memory.first_block != int(before.this) or memory.last_block or memory.last_struct:
        held.first_block = None
        mupdf.fz_close_device(device)
        return None
    memory.last_struct = ctypes.addressof(memory) + _Page.first_block.offset - _Part.last_block.offset
    try:
        mupdf.ll_fz_run_page(page.this.m_internal, device.m_internal, as_it_is.internal(), None)
    finally:
        memory.last_struct = None
        first, last = before.next, held.first_block
        held.first_block, held.last_block = first, first and last
        if first is not None:
            first.prev = None
        letters = _letters(made)
        mupdf.fz_close_device(device)
    return None if letters is None or has_near(letters) else made


def has_near(letters: Letters) -> bool:
    """Whether two letters of the same sign may stand in one place.

    Letters are put in order by the row in which they stand, as high as the widest reach, and by x; then those one
    place apart are compared, two places apart and so on, as long as any stand near. Rows are laid twice, half a row
    apart, so that of two letters on both sides of a border one laying has both in one row.
    """
    signs, x, y, sizes, doubled = letters
    if len(signs) < 2:
        return False
    reach = sizes * np.where(doubled, NEAR * DOUBLED, NEAR)
    farthest = float(reach.max())
    places = np.stack([x, y]).astype(np.float64)
    if not np.isfinite(places).all() or np.abs(places).max() > FARTHEST or not 0 < farthest < FARTHEST:
        return True
    places -= places.min(axis=1, keepdims=True)
    wide = places[0].max() + 2 * farthest
    return any(
        _near_in_rows(places, np.floor(places[1] / (2 * farthest) + shift) * wide + places[0], reach, signs)
        for shift in (0, 0.5)
    )


def _near_in_rows(places: NDArray[Any], along: NDArray[Any], reach: NDArray[Any], signs: NDArray[Any]) -> bool:
    """``along``: one number for row and x."""
    order = np.argsort(along)
    along, (x, y), reach, signs = along[order], places[:, order], reach[order], signs[order]
    farthest = float(reach.max())
    for apart in range(1, len(along)):
        beside = np.flatnonzero(along[apart:] - along[:-apart] < farthest)
        if not len(beside):
            return False
        if apart > MOST_BESIDE:
            return True
        beside = beside[signs[beside] == signs[beside + apart]]
        other = beside + apart
        within = np.maximum(reach[beside], reach[other])
        if ((np.abs(x[beside] - x[other]) < within) & (np.abs(y[beside] - y[other]) < within)).any():
            return True
    return False


def _letters(text_page: Any) -> Letters | None:
    """All letters of a text page without parts; None where memory does not hold what the library says."""
    lines, block = [], text_page.m_internal.first_block and int(text_page.m_internal.first_block.this)
    while block:
        held = _Block.from_address(block)
        if held.type == mupdf.FZ_STEXT_BLOCK_TEXT and held.first_line:
            lines.append(held.first_line)
        block = held.next
    firsts = _read(_chains(np.array(lines, np.int64), _Line.next), _Line.first_letter, np.int64)
    if not _is_as_known(text_page, firsts):
        return None
    places = _chains(firsts[firsts != 0], _Letter.next)
    signs, flags = _read(places, _Letter.sign, np.int32), _read(places, _Letter.flags, np.uint16)
    x, y, sizes = (_read(places, field, np.float32) for field in (_Letter.x, _Letter.y, _Letter.size))
    both = FILLED | STROKED
    return Letters(signs, x, y, sizes, (flags & BOLD != 0) | (flags & both == both) | (signs == ord(" ")))


def _is_as_known(text_page: Any, firsts: NDArray[np.int64]) -> bool:
    """Whether the first letter is where and what the library says."""
    told = text_page.m_internal.first_block
    while told is not None and told.type != mupdf.FZ_STEXT_BLOCK_TEXT:
        told = told.next
    line = None if told is None else next(iter(mupdf.FzStextBlock(told)), None)
    letter = None if line is None else line.m_internal.first_char
    if letter is None or not len(firsts):
        return letter is None and not len(firsts)
    held = _Letter.from_address(int(letter.this))
    following = int(letter.next.this) if letter.next is not None else None
    said = int(letter.this), letter.c, letter.flags, letter.origin.x, letter.origin.y, letter.size, following
    return said == (int(firsts[0]), held.sign, held.flags, held.x, held.y, held.size, held.next)


def _chains(firsts: NDArray[np.int64], following: Any) -> NDArray[np.int64]:
    """The addresses of all that these begin, by the field that names the next one: the first ones, then the second."""
    found = [firsts]
    while len(firsts):
        after = _read(firsts, following, np.int64)
        firsts = after[after != 0]
        found.append(firsts)
    return np.concatenate(found)


def _read(places: NDArray[np.int64], field: Any, kind: Any) -> NDArray[Any]:
    """One field of the letters at these addresses."""
    read: NDArray[Any] = _AS[kind][(places + field.offset) // np.dtype(kind).itemsize - 1]
    return read
