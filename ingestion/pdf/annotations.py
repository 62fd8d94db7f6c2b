"""What people put on a PDF's page: ticks of forms, notes, comments on marked words, replies.

A tick becomes a character of the page; a note becomes a text with the box that it stands at.

Facts relied on (PyMuPDF 2.0, 2026-11): text of fields and free text on the page is part of the page's own text, also
where the file has no picture of it; a tick is a "3" or "4" of ZapfDingbats; a note's words are nowhere; the value of a
list in which several entries are chosen is given as empty.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any, NamedTuple

import pymupdf

from ingestion.elements import BBox
from ingestion.text.cleaning import clean

TICK, NO_TICK = "✔", "☐"
TICKED = (pymupdf.PDF_WIDGET_TYPE_CHECKBOX, pymupdf.PDF_WIDGET_TYPE_RADIOBUTTON)
LARGEST = 14.0  # points of the height of a list's line
MOST_ENTRIES = 12  # of a list that are all said
OFF = ("/Off", "Off", "null", "")
MARKED = (  # kinds that lie on words of the page
    pymupdf.PDF_ANNOT_HIGHLIGHT,
    pymupdf.PDF_ANNOT_UNDERLINE,
    pymupdf.PDF_ANNOT_SQUIGGLY,
    pymupdf.PDF_ANNOT_STRIKE_OUT,
)
SILENT = (  # kinds without words of their own, or whose words are another's
    pymupdf.PDF_ANNOT_LINK,
    pymupdf.PDF_ANNOT_POPUP,
    pymupdf.PDF_ANNOT_WIDGET,
    pymupdf.PDF_ANNOT_REDACT,
    pymupdf.PDF_ANNOT_PRINTER_MARK,
    pymupdf.PDF_ANNOT_TRAP_NET,
    pymupdf.PDF_ANNOT_WATERMARK,
)
ICONS = (  # kinds that are drawn as a small picture
    pymupdf.PDF_ANNOT_TEXT,
    pymupdf.PDF_ANNOT_FILE_ATTACHMENT,
    pymupdf.PDF_ANNOT_SOUND,
)
UNSEEN = pymupdf.PDF_ANNOT_IS_HIDDEN | pymupdf.PDF_ANNOT_IS_NO_VIEW
MOST_NOTES = 500  # of one page
MOST_LETTERS = 20_000  # of one note
QUOTED = 200  # characters of the marked words
MARKUP = re.compile(r"<[^>]*>")


class Note(NamedTuple):
    """What somebody wrote, with who it was and what it is about, and where it stands on the page."""

    text: str
    bbox: BBox


class _Said(NamedTuple):
    xref: int
    answers: int  # the xref of the note that it answers, or 0
    text: str
    bbox: BBox


def ticks_as_text(page: pymupdf.Page) -> None:
    """Draw every check box and radio button of a form as a character, so that it is read and seen with its label; and
    the entries of a list with a tick at those that are chosen: a picture shows them by colour alone, and a list without
    one the library leaves empty."""
    buttons = [widget for widget in page.widgets() if widget.field_type in TICKED or _chosen(page, widget)]
    marks = [(pymupdf.Rect(button.rect), _mark(page, button)) for button in buttons]
    while buttons:
        page.delete_widget(buttons.pop())
    if marks:
        gc.collect()  # what is left of the buttons holds the page, which then cannot be loaded anew at another scale
    for rect, mark in marks:
        if rect.is_empty or rect.is_infinite or not rect.intersects(page.rect):
            continue
        size = max(4.0, min(rect.height, rect.width, LARGEST if len(mark) > 1 else rect.height) * 0.75)
        page.insert_htmlbox(
            rect,
            escape(mark).replace("\n", "<br/>"),
            css=f"* {{ margin: 0; padding: 0; font-size: {size:.1f}px; line-height: 1; }}",
        )


def _chosen(page: pymupdf.Page, field: Any) -> list[str]:
    """What is chosen in a list; nothing of other fields."""
    if field.field_type != pymupdf.PDF_WIDGET_TYPE_LISTBOX:
        return []
    low = pymupdf.mupdf
    pdf = low.pdf_document_from_fz_document(page.parent.this)
    value = low.pdf_dict_get_inheritable(low.pdf_load_object(pdf, field.xref), pymupdf.PDF_NAME("V"))
    items = (
        [low.pdf_array_get(value, i) for i in range(low.pdf_array_len(value))] if low.pdf_is_array(value) else [value]
    )
    return [said for item in items if (said := clean(str(low.pdf_to_text_string(item))).strip())]


def _mark(page: pymupdf.Page, field: Any) -> str:
    """The character of a button, or the entries of a list, a line each; of a long one what is chosen."""
    if field.field_type in TICKED:
        return TICK if _is_on(page, field) else NO_TICK
    chosen = _chosen(page, field)
    given = [item[-1] if isinstance(item, list | tuple) else item for item in field.choice_values or ()]
    entries = [clean(str(item)) for item in given]
    if not set(chosen) <= set(entries) or len(entries) > MOST_ENTRIES:
        entries = chosen
    return "\n".join(f"{TICK} {entry}" if entry in chosen else entry for entry in entries)


def _is_on(page: pymupdf.Page, button: Any) -> bool:
    kind, state = page.parent.xref_get_key(button.xref, "AS")
    if kind == "name":
        return str(state) not in OFF
    return str(button.field_value or "") not in (*OFF, "False")


def notes_on(page: pymupdf.Page, page_text: str) -> list[Note]:
    """Notes in the order of the file, each with its replies; what stands on the page itself is left out."""
    found = list(_said(page, _squeezed(page_text)))
    known = {note.xref for note in found}
    replies: dict[int, list[_Said]] = {}
    for note in found:
        if note.answers in known:
            replies.setdefault(note.answers, []).append(note)
    return [
        Note("\n".join(_with_replies(note, replies, {note.xref})), note.bbox)
        for note in found
        if note.answers not in known
    ]


def icons_on(page: pymupdf.Page) -> list[BBox]:
    """Where signs stand for notes and attached files."""
    found = [annot.rect for annot in page.annots(types=ICONS) if not annot.flags & UNSEEN]
    return [BBox(*(float(side) for side in rect)) for rect in found]


def _with_replies(note: _Said, replies: dict[int, list[_Said]], seen: set[int]) -> Iterator[str]:
    yield note.text
    for reply in replies.get(note.xref, ()):
        if reply.xref not in seen:
            seen.add(reply.xref)
            yield from _with_replies(reply, replies, seen)


def _said(page: pymupdf.Page, on_page: str) -> Iterator[_Said]:
    doc = page.parent
    for number, annot in enumerate(page.annots() or ()):
        if number >= MOST_NOTES:
            return
        kind = annot.type[0]
        if kind in SILENT or annot.flags & UNSEEN or doc.xref_get_key(annot.xref, "StateModel")[0] != "null":
            continue
        words = _words(doc, annot)
        if not words or (kind == pymupdf.PDF_ANNOT_FREE_TEXT and _squeezed(words) in on_page):
            continue
        about = _marked_words(page, annot) if kind in MARKED else ""
        if about and _squeezed(about) == _squeezed(words):  # some programs repeat what is marked
            continue
        answers = int(annot.irt_xref or 0)
        who = clean(str(annot.info.get("title") or "")).strip()
        what = "Reply" if answers else f"Comment on “{about}”" if about else "Note"
        yield _Said(annot.xref, answers, f"{what}{f' by {who}' if who else ''}: {words}", _box(page, annot.rect))


def _words(doc: pymupdf.Document, annot: Any) -> str:
    """Plain words of a note, else those of its formatted text."""
    plain = str(annot.info.get("content") or "").replace("\r\n", "\n").replace("\r", "\n")
    if not plain.strip():
        kind, rich = doc.xref_get_key(annot.xref, "RC")
        plain = unescape(MARKUP.sub(" ", str(rich))) if kind == "string" else ""
    lines = [clean(line).strip() for line in plain[:MOST_LETTERS].splitlines()]
    return "\n".join(line for line in lines if line)


def _marked_words(page: pymupdf.Page, annot: Any) -> str:
    corners: Sequence[Any] = annot.vertices or ()
    quads = [pymupdf.Quad(corners[start : start + 4]).rect for start in range(0, len(corners) - 3, 4)]
    found = []
    for word in page.get_text("words", clip=annot.rect):
        middle = pymupdf.Point((word[0] + word[2]) / 2, (word[1] + word[3]) / 2)
        if any(quad.contains(middle) for quad in quads):
            found.append(clean(str(word[4])))
    said = " ".join(found)
    return said if len(said) <= QUOTED else said[:QUOTED].rsplit(" ", 1)[0] + " …"


def _squeezed(text: str) -> str:
    """Letters and digits alone: what is compared."""
    return "".join(c for c in text.lower() if c.isalnum())


def _box(page: pymupdf.Page, rect: Any) -> BBox:
    """On the page, and not empty: a note may stand beside it."""
    wide, high = page.rect.width, page.rect.height
    x0, y0 = min(max(0.0, rect.x0), wide - 1), min(max(0.0, rect.y0), high - 1)
    return BBox(x0, y0, min(wide, max(x0 + 1, rect.x1)), min(high, max(y0 + 1, rect.y1)))
