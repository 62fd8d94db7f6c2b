"""A conversation as one HTML page without scripts or links, and as Markdown beside its pictures.

Words of documents, people and models are only ever text: in HTML they are escaped or rendered without links, pictures
and HTML; in Markdown the answer keeps emphasis, lists and tables alone.
"""

from __future__ import annotations

import base64
import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from PIL import Image

from ingestion.errors import UnreadableImage
from ingestion.formats.images import open_image
from rag.export.marks import marked
from rag.export.wording import ENGLISH, Wording
from rag.storage.records.conversation_values import ASKED, KeptTurn, Picture
from rag.types import Citation, Evidence

STYLE = (
    "body{font-family:sans-serif;max-width:760px;margin:24px auto;padding:0 16px;line-height:1.5;color:#1e293b}"
    "h2{font-size:18px;margin-top:28px}img{max-width:100%;border:1px solid #e2e8f0}"
    ".quiet{color:#64748b;font-size:13px}table{border-collapse:collapse}td,th{border:1px solid #cbd5e1;padding:4px 8px}"
)
QUOTES = "quotes"  # the model of an answer that no model has written
_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!])")


class Exported(NamedTuple):
    """A turn with the pictures that are kept with it, by name."""

    turn: KeptTurn
    pictures: Mapping[str, Picture]


def source(citation: Citation, pieces: Mapping[int, Evidence], words: Wording = ENGLISH) -> str:
    """``manual.pdf, page 12, table “Error codes”, box (54, 120, 541, 300) pt``; of a recording its time."""
    caption, kind = " ".join(citation.caption.split()), words.kinds[citation.kind]
    what = words.captioned.format(kind=kind, caption=caption) if caption else kind
    box = ", ".join(f"{value:.0f}" for value in citation.bbox)
    piece = pieces.get(citation.number)
    name = piece.doc_name if piece else citation.doc[:12]
    if piece and piece.time:
        return f"{name}, {piece.time}, {what}"
    return words.place.format(name=name, page=citation.page, what=what, box=box)


def doubt(citation: Citation, words: Wording = ENGLISH) -> str:
    """What a reader is told of a citation whose evidence does not say its sentence, or weakly; empty for any other."""
    if citation.support == "supported" or not citation.doubt:
        return ""
    text = words.weak if citation.support == "weak" else words.unsupported
    return text.format(doubt=words.told(citation.doubt))


def as_html(
    title: str, turns: Sequence[Exported], words: Wording = ENGLISH, room: tuple[float, float] | None = None
) -> str:
    """One file: its pictures are in it, it loads and runs nothing. ``room``: width and height of a sheet, in points, to
    which pictures are fitted."""
    body = "".join(_turn_html(turn, title, words, room) for turn in turns)
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1>{body}</body></html>"
    )


def as_markdown(title: str, turns: Sequence[Exported], words: Wording = ENGLISH) -> bytes:
    """A ZIP with ``conversation.md`` and its pictures."""
    lines, buffer = [f"# {_plain(title)}"], io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, exported in enumerate(turns, 1):
            question = asked(exported.turn, words)
            lines += [f"## {_plain(question)}"] if question != title else []
            lines += [
                *_picture_lines(archive, number, exported),
                _harmless(words.told(exported.turn.text.strip())),
                *_source_lines(archive, number, exported, words),
            ]
        archive.writestr("conversation.md", "\n\n".join(line for line in lines if line) + "\n")
    return buffer.getvalue()


def png(picture: Picture, citation: Citation | None = None, piece: Evidence | None = None) -> bytes | None:
    """Its bytes as PNG, which every reader knows, what is cited of its piece marked; None of one that is broken."""
    try:
        buffer = io.BytesIO()
        with open_image(picture.data) as opened:
            plain = opened.convert("RGB")
        (marked(plain, citation, piece) if citation and piece else plain).save(buffer, "PNG")
        return buffer.getvalue()
    except (OSError, ValueError, SyntaxError, UnreadableImage, Image.DecompressionBombError):
        return None


def _turn_html(exported: Exported, title: str, words: Wording, room: tuple[float, float] | None) -> str:
    turn = exported.turn
    answer, question = turn.answer, asked(turn, words)
    parts = [
        f"<h2>{html.escape(question)}</h2>" if question != title else "",  # of one answer it stands above already
        _picture_html(exported.pictures.get(ASKED), words.own_picture, room),
    ]
    if turn.understood:
        understood = words.understood.format(question=turn.understood)
        parts.append(f'<p class="quiet">{html.escape(understood)}</p>')
    parts.append(str(_RENDERER.render(words.told(turn.text))) or f"<p>{html.escape(words.told(turn.error))}</p>")
    pieces = _pieces(turn)
    for citation in answer.citations if answer else ():
        place = html.escape(f"[{citation.number}] {source(citation, pieces, words)}")
        doubted = html.escape(doubt(citation, words))
        parts.append(f"<p><b>{place}</b></p>")
        parts += [f'<p class="quiet">{doubted}</p>'] if doubted else []
        shown = exported.pictures.get(str(citation.number))
        parts.append(_picture_html(shown, place, room, citation, pieces.get(citation.number)))
    model = f" · {words.quotes if answer.model == QUOTES else answer.model}" if answer else ""
    return "".join([*parts, f'<p class="quiet">{html.escape(_when(turn, words) + model)}</p>'])


def _when(turn: KeptTurn, words: Wording) -> str:
    """``2026-03-14, 09:30 UTC`` of a time as it is kept; numbers in this order are understood everywhere."""
    date, sign, time = turn.at.partition("T")
    return words.time.format(date=date, time=time[:5]) if sign else date


def _picture_html(
    picture: Picture | None,
    words: str,
    room: tuple[float, float] | None,
    citation: Citation | None = None,
    piece: Evidence | None = None,
) -> str:
    shown = png(picture, citation, piece) if picture else None
    if shown is None:
        return ""
    fitted = f' width="{_fitted(shown, *room):.0f}"' if room else ""
    return f'<p><img alt="{words}"{fitted} src="data:image/png;base64,{base64.b64encode(shown).decode()}"></p>'


def _fitted(picture: bytes, width: float, height: float) -> float:
    """The width at which a picture fits into so much room; its own where that is less."""
    with open_image(picture) as opened:
        return min(opened.width, width, height * opened.width / opened.height)


def _source_lines(archive: zipfile.ZipFile, number: int, exported: Exported, words: Wording) -> list[str]:
    lines, pieces = list[str](), _pieces(exported.turn)
    for citation in exported.turn.answer.citations if exported.turn.answer else ():
        lines.append(f"\\[{citation.number}\\] {_plain(source(citation, pieces, words))}")
        lines.append(_plain(doubt(citation, words)))
        lines += _picture_lines(archive, number, exported, citation, pieces.get(citation.number))
    return lines


def _picture_lines(
    archive: zipfile.ZipFile,
    number: int,
    exported: Exported,
    citation: Citation | None = None,
    piece: Evidence | None = None,
) -> list[str]:
    """The picture of a citation, or the question's own."""
    name = str(citation.number) if citation else ASKED
    shown = png(exported.pictures[name], citation, piece) if name in exported.pictures else None
    if shown is None:
        return []
    path = f"pictures/{number:03}-{name}.png"
    archive.writestr(path, shown)
    return [f"![{name}]({path})"]


def _pieces(turn: KeptTurn) -> dict[int, Evidence]:
    return {piece.number: piece for piece in turn.evidence}


def asked(turn: KeptTurn, words: Wording = ENGLISH) -> str:
    """The question on one line, as a heading has it."""
    return " ".join(turn.question.split()) or words.picture.format(name=turn.picture_name)


def _harmless(text: str) -> str:
    """Markdown in which nothing is a link, a picture or HTML."""
    return text.replace("<", "\\<").replace("](", "]\\(").replace("]:", "]\\:")


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", " ".join(text.split()))


def _renderer() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False, "maxNesting": 100})
    return made.enable("table").disable(["link", "image", "autolink", "reference", "html_inline", "html_block"])


_RENDERER = _renderer()
