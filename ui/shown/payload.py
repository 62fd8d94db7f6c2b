"""What the browser's own panels are given: JSON for the evidence viewer, the document list and the upload card.

Plain values only, no HTML: the panels (``ui/assets/*.js``) put every word in place as text, never as markup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote
from uuid import uuid4

from ingestion.elements import Page, Region
from ingestion.geometry import MOSTLY_INSIDE, inside, union
from rag.answering.evidence.excerpts import PARTS, Part, excerpt_of, part_of
from rag.answering.evidence.gathering import shows_its_page
from rag.answering.questions.reasons import reasons
from rag.errors import UnknownDocument
from rag.service.uploads import FINISHED, Upload
from rag.storage.records.catalogue import DocumentRow
from rag.storage.records.collections import Collection
from rag.storage.records.conversation_values import ASKED, Conversation
from rag.types import Citation, Evidence
from ui.shown.problem_lines import problem_lines
from ui.state.backend import Library
from ui.state.kept import place
from ui.state.session import Exchange, Listing, Pointed, Session
from ui.words.language import told, tr

PREFIX = "pagesight"  # first part of every address of ours; relative, so that the app works below a proxy's path
WHOLE: Part = (0, 0, PARTS, PARTS)
SHOWN = 700  # characters of a passage in the viewer
MOST_CHOICE = 8_000_000  # characters of what a browser sends back of the document list: some 20,000 documents


def kind_name(kind: str) -> str:
    """What a piece of evidence is, for people."""
    names = {"text": tr("Passage"), "table": tr("Table"), "figure": tr("Figure"), "page": tr("Page")}
    return names[kind]


def cutout_url(doc: str, chunk: str, page: int = 0) -> str:
    """The address of a chunk's picture, or of its part on a page, relative to the page."""
    return f"{PREFIX}/cutout/{quote(doc, safe='')}/{quote(chunk, safe='')}{f'?page={page}' if page else ''}"


def kept_url(turn: str, name: str) -> str:
    """The address of a picture that is kept with a turn: a cut-out by its number, or the question's own."""
    return f"{PREFIX}/kept/{quote(turn, safe='')}/{quote(name, safe='')}"


def picture_of(exchange: Exchange, piece: Evidence) -> str:
    """The address of a piece's picture: the kept one where the document has gone or may have been read anew since."""
    name = str(piece.number)
    if name in exchange.kept and (not exchange.fresh or piece.chunk.doc in exchange.gone):
        return kept_url(exchange.id, name)
    return cutout_url(piece.chunk.doc, piece.chunk.id, 0 if shows_its_page(piece.chunk) else piece.chunk.page)


def excerpt_url(exchange: Exchange, piece: Evidence, citation: Citation) -> str:
    """The address of a small picture of what is cited of a piece; without any, where its whole picture can be read, or
    is kept and shows another place."""
    found = excerpt_of(citation, piece)
    if found is None:
        return ""
    doc, chunk, page = piece.chunk.doc, piece.chunk.id, piece.chunk.page
    kept = picture_of(exchange, piece)
    if not kept.startswith(kept_url(exchange.id, "")):
        box = ",".join(f"{value:.1f}" for value in found.shown)
        marks = [part_of(mark, found.shown) for mark in found.marks]
        return f"{cutout_url(doc, chunk, page)}&box={box}&part={_parts([WHOLE, *marks])}"
    if found.within is None:
        return ""
    return f"{kept}?part={_parts([part_of(box, found.within) for box in (found.shown, *found.marks)])}"


def _parts(parts: Iterable[Part]) -> str:
    return ";".join(",".join(map(str, part)) for part in parts)


def turn(exchange: Exchange, library: Library) -> str:
    """All evidence of one exchange for the viewer; ``supported`` is null for evidence that the answer does not cite."""
    return json.dumps({"do": "show", **_turn(exchange, library)})


def opened(session: Session, library: Library) -> str:
    """A conversation that was opened: the evidence of its last answer, and by which id the viewer can ask for that of
    the others. The list of exchanges may be long; what a person does not look at is not sent."""
    last = next((e for e in reversed(session.exchanges) if e.pieces), None)
    more = {exchange.number: exchange.id for exchange in session.exchanges if exchange.pieces}
    shown: dict[str, object] = {"turn": 0, "cards": [], "first": None}
    if last is not None:
        shown = _turn(library.conversations.wake(session.owner, last), library)
    return json.dumps({"do": "open", "kept": more, "conversation": session.conversation, **shown})


def _turn(exchange: Exchange, library: Library) -> dict[str, object]:
    citations = exchange.answer.citations if exchange.answer else ()
    cited = {c.number: c for c in reversed(citations)}
    there = {evidence.chunk.doc for evidence in exchange.evidence}
    pages = {row.id: row.pages for row in library.listed() if row.id in there}
    cards = []
    for evidence in exchange.evidence:
        citation = cited.get(evidence.number)
        card = _card(exchange, evidence, pages.get(evidence.chunk.doc), library)
        if citation:
            card |= _cited(citation, evidence, library) | {"excerpt": excerpt_url(exchange, evidence, citation)}
        cards.append(card)
    first = citations[0].number if citations else None
    return {"turn": exchange.number, "cards": cards, "first": first}


def cleared(conversation: str) -> str:
    """Forget everything; the next one's id makes two clearings differ, since an equal value is not sent again."""
    return json.dumps({"do": "clear", "conversation": conversation})


def conversations(
    rows: Sequence[Conversation], session: Session, listing: Listing, more: bool, deleted: bool, revision: str
) -> str:
    """The list of conversations, and what was discarded a moment ago. ``more``: there are more than these. ``deleted``:
    there are some in the trash."""
    gone = session.discarded
    return json.dumps(
        {
            "kept": bool(session.owner),
            "rows": [{"id": row.id, "title": row.title, "changed": row.changed, "turns": row.turns} for row in rows],
            "more": more,
            "open": session.conversation,
            "begun": session.begun,
            "find": listing.find,
            "trash": listing.trash,
            "deleted": deleted,
            "number": listing.number,
            "gone": {"id": gone.id, "title": gone.title, "replaced": session.replaced} if gone else None,
            "revision": revision,
        }
    )


def scope(exchange: Exchange | None, pointed: Pointed | None = None, looked: int = 0) -> str:
    """The chip of the picture that later questions are about, or of a rectangle that was drawn on a page; without any
    nothing, which hides it. ``looked`` is a moment before the session was looked at: replies may overtake each other,
    and the page keeps the chip that was looked for last."""
    if pointed is not None:
        box = [round(value) for value in pointed.spot.bbox]
        return json.dumps(
            {
                "where": _where(pointed.doc_name, pointed.spot.page),
                "part": True,
                "box": box,
                "looked": looked,
            }
        )
    if exchange is None:
        return json.dumps({"looked": looked})
    found = place(exchange)
    where = (
        (f"{found.doc_name}, {found.time}" if found.time else _where(found.doc_name, found.chunk.page))
        if found
        else tr("not found in the documents")
    )
    shown = kept_url(exchange.id, ASKED) if ASKED in exchange.kept else ""
    return json.dumps(
        {
            "where": where,
            "picture": shown,
            "turn": exchange.number,
            "number": found and found.number,
            "part": exchange.spot is not None,
            "looked": looked,
        }
    )


def _where(name: str, page: int) -> str:
    return tr("{name}, page {page}", name=name, page=page)


class _Shown:
    """The list that was put into words last: every open page asks for them every few seconds."""

    latest: tuple[tuple[DocumentRow, ...], str] | None = None


def _words(rows: Iterable[DocumentRow]) -> str:
    known = _Shown.latest
    if known is None or known[0] is not rows:
        told = tuple(rows)
        shown = "\n".join(
            f"{row.id} {row.title} {row.pages} {row.figures} {row.tables} {len(row.problems)}" for row in told
        )
        known = _Shown.latest = told, hashlib.sha256(shown.encode()).hexdigest()
    return known[1]


def revision(rows: Iterable[DocumentRow], named: Iterable[Collection] = ()) -> str:
    """A short word that changes whenever a document comes, goes, or is read again and shown in other words, or a
    collection comes, goes or changes."""
    sets = (f"{one.id} {one.name} {' '.join(sorted(one.docs))}" for one in named)
    return hashlib.sha256("\n".join([_words(rows), "", *sets]).encode()).hexdigest()[:16]


def documents(
    rows: Sequence[DocumentRow],
    off: frozenset[str],
    named: Sequence[Collection] = (),
    within: str = "",
    decided: bool = False,
    anew: bool = False,
    refused: bool = False,
    for_good: bool = False,
) -> str:
    """The document list with the boxes that are unticked, the collections, which one is asked within, and the revision
    of the library that it shows. A collection names its documents by their places in the list. ``decided``: which one
    is asked within is news for the browser, not what it sent; otherwise it keeps what was chosen there meanwhile.
    ``anew``: it differs from what the browser has, which draws only what has changed. ``refused``: the name of a
    collection was not taken, and is asked for again. ``for_good``: what is removed cannot be taken back."""
    items = [
        {
            "id": row.id,
            "name": row.name,
            "title": row.title if row.title != row.name else "",
            "detail": detail(row),
            "problems": problem_lines(row.problems),
            "faults": len(row.problems),
            "pages": row.pages,
            "added": row.added,
        }
        for row in rows
    ]
    ids = [row.id for row in rows]
    places = {doc: place for place, doc in enumerate(ids)}
    sets = [
        {"id": one.id, "name": one.name, "docs": sorted(places[doc] for doc in one.docs if doc in places)}
        for one in named
    ]
    chosen = within if any(one.id == within for one in named) else ""
    shown = {"documents": items, "off": sorted(off & set(ids)), "collections": sets, "within": chosen}
    more: dict[str, object] = {name: True for name, so in (("decided", decided), ("for_good", for_good)) if so}
    more |= {name: uuid4().hex for name, so in (("anew", anew), ("refused", refused)) if so}
    return json.dumps({**shown, "library": revision(rows, named), **more})


def within(value: object) -> str:
    """The id of the collection that is asked within, in what the browser sent back; empty for the whole library."""
    chosen = _sent(value).get("within")
    return chosen if isinstance(chosen, str) else ""


def shows(value: object) -> str:
    """The revision of the library that the browser's list shows, by what it sent back; empty where it tells none."""
    word = _sent(value).get("library")
    return word if isinstance(word, str) else ""


def unticked(value: object) -> frozenset[str]:
    """The unticked ids in what the browser sent back: whatever it holds, only strings come out."""
    off = _sent(value).get("off")
    return frozenset(item for item in off if isinstance(item, str)) if isinstance(off, list) else frozenset()


def _sent(value: object) -> dict[str, object]:
    """The list's value as the browser sent it back; empty where it is none."""
    if not isinstance(value, str) or len(value) > MOST_CHOICE:
        return {}
    try:
        sent = json.loads(value)
    except (ValueError, RecursionError):  # the last from brackets nested by the thousand
        return {}
    return sent if isinstance(sent, dict) else {}


def detail(row: DocumentRow) -> str:
    """Counts in words: ``12 pages · 3 figures · 1 table``; what there is none of is left out."""
    counts = [
        tr("{count} pages", count=row.pages),
        *([tr("{count} figures", count=row.figures)] if row.figures else []),
        *([tr("{count} tables", count=row.tables)] if row.tables else []),
    ]
    return " · ".join(counts)


def uploads(items: Iterable[Upload]) -> str:
    """The upload card; without files an empty text, which hides it."""
    files = [
        {
            "id": item.id,  # another one when it is tried again: the card is drawn anew, whatever comes of it
            "name": item.name,
            "state": item.state,
            "stage": item.stage,
            "done": item.done,
            "total": item.total,
            "message": told(item.message),
        }
        for item in items
    ]
    return json.dumps({"files": files, "running": any(f["state"] not in FINISHED for f in files)}) if files else ""


def news(
    items: Iterable[Upload] | None, library: str, conversations: str = "", ready: Mapping[str, object] | None = None
) -> dict[str, object]:
    """What every open page asks for again and again: the upload card, and what shows that other things have changed.

    ``uploads`` is null for a browser that cannot be recognised; ``settled`` changes when a file has failed or waits for
    its password, ``library`` when documents came or went, ``conversations`` when something of this person's did.
    ``ready`` is what the program says of itself.
    """
    all_hear = {"library": library, "conversations": conversations, "ready": dict(ready or {})}
    if items is None:
        return {"uploads": None, "settled": "", **all_hear}
    items = tuple(items)
    settled = " ".join(f"{item.id}{item.state}" for item in items if item.state in ("failed", "halted", "locked"))
    return {"uploads": uploads(items), "settled": settled, **all_hear}


def _card(exchange: Exchange, evidence: Evidence, pages: int | None, library: Library) -> dict[str, object]:
    """``pages`` is None of a document that is no longer there: its cut-out is shown, where it is kept."""
    chunk = evidence.chunk
    text = evidence.text if chunk.kind in ("text", "page") else chunk.mentions  # a table's cells are in its picture
    text = text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"
    return {
        "number": evidence.number,
        "doc": chunk.doc,
        "name": evidence.doc_name,
        "page": chunk.page,
        "time": evidence.time,
        "pages": pages or chunk.page,
        "gone": pages is None,
        "kept": kept_url(exchange.id, str(evidence.number)) if str(evidence.number) in exchange.kept else "",
        "kind": kind_name(chunk.kind),
        "drawn": chunk.kind == "figure",
        "rows": chunk.kind == "table",
        "shape": round(evidence.page_size[1] / evidence.page_size[0], 3),  # height of its page by the width
        "caption": chunk.caption or chunk.heading,
        "text": text,
        "cutout": picture_of(exchange, evidence),
        "also": list(evidence.also),
        "why": [told(reason) for reason in reasons(evidence, exchange.understood or exchange.question)],
        "supported": None,
        "doubt": "",
        "lines": [],
        "quotes": [],
        "boxes": [box for region in chunk.regions if (box := _box(region, evidence, library))],
    }


def _cited(citation: Citation, evidence: Evidence, library: Library) -> dict[str, object]:
    """What the answer adds: its quote, whether it is borne out, and the place where it narrowed a whole page down."""
    more: dict[str, object] = {
        "supported": citation.supported,
        "quotes": list(citation.quotes or filter(None, [citation.quote])),
        "doubt": told(citation.doubt),
        "lines": [line for region in citation.highlights if (line := _box(region, evidence, library))],
    }
    if citation.bbox != evidence.chunk.bbox and citation.page == evidence.chunk.page:
        boxes = [_percent(place, *evidence.page_size) for place in _places(citation, evidence)]
        more |= {"boxes": boxes, "kind": kind_name(citation.kind)}
    return more


def _places(citation: Citation, evidence: Evidence) -> list[Region]:
    """The box that is cited; of a passage in several columns one in each where some sentence that cites it stands."""
    cited = Region(citation.page, citation.bbox)
    if citation.kind != "text" or evidence.chunk.kind != "text":
        return [cited]
    lines = [line.bbox for line in citation.highlights if line.page == citation.page]
    columns = [region.bbox for region in evidence.chunk.regions if region.page == citation.page]
    said = [held for column in columns if (held := [box for box in lines if inside(box, column) > MOSTLY_INSIDE])]
    boxes = [union(held) for held in said]
    around = any(inside(cited.bbox, box) > MOSTLY_INSIDE for box in boxes)
    return [Region(citation.page, box) for box in boxes] + ([] if around else [cited])


def _box(region: Region, evidence: Evidence, library: Library) -> dict[str, object] | None:
    """A region in percent of its page, so that it fits the picture at any zoom; None of a page that is gone by now."""
    if region.page == evidence.chunk.page:
        return _percent(region, *evidence.page_size)
    try:
        page: Page = library.page(evidence.chunk.doc, region.page)
    except UnknownDocument:
        return None
    return _percent(region, page.width, page.height)


def _percent(region: Region, width: float, height: float) -> dict[str, object]:
    box = region.bbox
    percent = (box.x0 / width, box.y0 / height, (box.x1 - box.x0) / width, (box.y1 - box.y0) / height)
    return {"page": region.page, "at": [round(100 * value, 3) for value in percent]}
