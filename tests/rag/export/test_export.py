"""Exports: self-contained, escaped, with their pictures; a broken picture is left out."""

from __future__ import annotations

import base64
import io
import zipfile
from dataclasses import replace
from urllib.parse import quote

import pymupdf
import pytest
from PIL import Image

from ingestion.elements import BBox, Chunk, ChunkKind, Region
from rag.export.document import Exported, as_html, as_markdown, png
from rag.export.formats import File, file_name
from rag.export.marks import FILL, OUTLINE
from rag.export.pdf import as_pdf
from rag.export.plain import plain_text
from rag.storage.records.conversation_values import KeptTurn, Picture
from rag.types import Answer, Citation, Evidence
from ui.words.export_words import export_words
from ui.words.language import LANGUAGES, speaking

EVIL = '<img src="http://evil.test/x" onerror=alert(1)>'
CITED = Citation(1, "d" * 64, 12, BBox(1, 2, 3, 4), "table", f"Codes {EVIL}", "q", None, True)
TEXT = f"**Drain** it [1]. {EVIL} [x](http://evil.test) ![y](http://evil.test/y.png)"


def _turn(data: bytes) -> Exported:
    answer = Answer(TEXT, (CITED,), (), False, 0, "quotes", 0.1)
    turn = KeptTurn("t", f"What is E6? {EVIL}", status="done", text=TEXT, answer=answer)
    return Exported(turn, {"1": Picture(data, "image/webp")})


def _webp() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(buffer, "WEBP")
    return buffer.getvalue()


def test_plain_words_have_no_markup_left_and_keep_lists_rows_and_steps() -> None:
    text = (
        "## Fans\n**Drain** it [1], `then` _wait_:\n\n1. off\n   - a\n   - b\n2. on\n\n"
        f"| Code | | Meaning |\n|---|---|---|\n| E6 | x | Fan\\_a &gt; 4 |\n\n> {EVIL} [x](http://evil.test)\n\n---\n\n~~~\n**raw**\n~~~"
    )
    assert plain_text(text).split("\n\n") == [
        "Fans", "Drain it [1], then wait:", "1. off\n   - a\n   - b\n2. on", "Code: E6; x; Meaning: Fan_a > 4",
        f"{EVIL} [x](http://evil.test)", "**raw**",
    ]  # fmt: skip
    assert plain_text("") == ""
    assert plain_text("7) seven\n8) eight") == "7. seven\n8. eight"


def test_html_is_one_file_that_loads_and_runs_nothing() -> None:
    page = as_html(EVIL, [_turn(_webp())])
    assert page.count("<img") == 1 and 'src="data:image/png;base64,' in page
    assert "<script" not in page and "href=" not in page and 'src="http' not in page
    assert "<strong>Drain</strong>" in page and "page 12, table" in page and "box (1, 2, 3, 4) pt" in page


def test_markdown_comes_with_its_pictures() -> None:
    with zipfile.ZipFile(io.BytesIO(as_markdown("Title", [_turn(_webp())]))) as archive:
        assert sorted(archive.namelist()) == ["conversation.md", "pictures/001-1.png"]
        words = archive.read("conversation.md").decode()
    assert "](pictures/001-1.png)" in words and "**Drain**" in words
    assert "](http" not in words and words.replace("\\<", "").count("<") == 0


@pytest.mark.parametrize(
    ("code", "words"), [("en", "says something that was not found"), ("de", "“4 bar” steht nicht")]
)
def test_a_file_says_which_citations_are_not_borne_out(code: str, words: str) -> None:
    turn = _turn(_webp())
    doubted = replace(CITED, supported=False, support="unsupported", doubt="“4 bar” is not in the evidence")
    answer = Answer(TEXT, (doubted,), (), False, 0, "some model", 0.1)
    files = [Exported(replace(turn.turn, answer=answer), turn.pictures)]
    with speaking(code):
        spoken = export_words()
        assert words in as_html("Title", files, spoken) and words not in as_html("Title", [turn], spoken)
        with zipfile.ZipFile(io.BytesIO(as_markdown("Title", files, spoken))) as archive:
            assert words in archive.read("conversation.md").decode()
        with pymupdf.open(stream=as_pdf("Title", files, spoken)) as document:
            assert words in " ".join("".join(page.get_text() for page in document).split())


def test_pdf_has_the_words_and_the_cut_out() -> None:
    with pymupdf.open(stream=as_pdf("Title", [_turn(_webp())] * 30)) as document:
        assert document.page_count > 1 and "page 12, table" in document[0].get_text()
        assert document[0].get_images()


@pytest.mark.parametrize("size", [(430, 1400), (2000, 300), (40, 4000)])
def test_a_picture_higher_than_a_page_is_fitted_and_what_follows_is_there(size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, "PNG")
    turns = [_turn(buffer.getvalue()), _turn(_webp())]
    turns[1] = turns[1]._replace(turn=replace(turns[1].turn, question="The last question?"))
    with pymupdf.open(stream=as_pdf("Title", turns)) as document:
        assert "The last question?" in "".join(page.get_text() for page in document)
        boxes = [(page.rect, pymupdf.Rect(info["bbox"])) for page in document for info in page.get_image_info()]
        assert len(boxes) == 2 and all(sheet.contains(box) for sheet, box in boxes)
        seen = boxes[0][1]
        assert seen.width / seen.height == pytest.approx(size[0] / size[1], rel=0.15)


def test_when_and_by_what_it_was_answered_is_said_for_people() -> None:
    turn = _turn(_webp())
    page = as_html("Title", [Exported(replace(turn.turn, at="2026-03-14T09:30:59.123Z"), turn.pictures)])
    assert "2026-03-14, 09:30 UTC · quoted from the documents" in page and "T09" not in page


@pytest.mark.parametrize(
    ("title", "name", "plain"),
    [
        ("How do I remove the fan?", "How do I remove the fan.pdf", 'filename="How do I remove the fan.pdf"'),
        ('../a\\b"c\n', "a b c.pdf", 'filename="a b c.pdf"'),
        ("Was heißt das: ü?", "Was heißt das ü.pdf", 'filename="Was heit das u.pdf"'),
        ("如何取下风扇？", "如何取下风扇？.pdf", 'filename="conversation.pdf"'),
        ("...", "conversation.pdf", 'filename="conversation.pdf"'),
        ("x" * 300, "x" * 80 + ".pdf", "x" * 80),
    ],
)
def test_a_file_is_called_by_its_title(title: str, name: str, plain: str) -> None:
    assert file_name(title, "pdf") == name
    header = File(name, b"").disposition
    assert plain in header and f"filename*=UTF-8''{quote(name, safe='')}" in header
    assert header.isascii() and "\n" not in header and header.count('"') == 2


def test_a_broken_picture_is_left_out() -> None:
    assert "<img" not in as_html("Title", [_turn(b"broken")])
    assert as_pdf("Title", [_turn(b"broken")]).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("code", "place", "quotes"),
    [
        ("de", "Seite 12, Tabelle", "aus den Dokumenten zitiert"),
        ("zh", "第 12 页，表", "引自文档"),
        ("fr", "page 12, tableau", "tiré mot à mot des documents"),
        ("es", "página 12, tabla", "citado de los documentos"),
    ],
)
def test_every_kind_of_file_speaks_the_language_of_the_page(code: str, place: str, quotes: str) -> None:
    turn = _turn(_webp())
    asked = Exported(
        replace(turn.turn, understood="What is E6? (fan)", question="", picture_name="a.png"), turn.pictures
    )
    with speaking(code):
        words = export_words()
    page = as_html("Title", [asked], words)
    assert place in page and quotes in page and "box (" not in page and "Understood as" not in page
    assert f'lang="{LANGUAGES[code].locale}"' in page
    with zipfile.ZipFile(io.BytesIO(as_markdown("Title", [asked], words))) as archive:
        assert " ".join(words.picture.format(name="a.png").split()) in archive.read("conversation.md").decode()
    with pymupdf.open(stream=as_pdf("Title", [asked], words)) as document:
        assert "".join(place.split()) in "".join(document[0].get_text().split())


def _cited_row(kind: ChunkKind = "table", size: tuple[int, int] = (216, 116)) -> tuple[Picture, Citation, Evidence]:
    """A cut-out at 2 pixels per point of a box of 100 × 50 with its margin, of which one line is cited."""
    buffer, box = io.BytesIO(), BBox(100, 200, 200, 250)
    Image.new("RGB", size, "white").save(buffer, "PNG")
    cited = replace(CITED, kind=kind, highlights=(Region(12, BBox(100, 220, 200, 230)), Region(13, box)))
    chunk = Chunk("c", "d" * 64, kind, "E6", (Region(12, box),))
    return Picture(buffer.getvalue(), "image/png"), cited, Evidence(1, chunk, "a.pdf", "E6", None, None, (600, 800))


def _drawn(picture: Picture, cited: Citation, piece: Evidence) -> Image.Image:
    return Image.open(io.BytesIO(png(picture, cited, piece) or b""))


def test_the_cited_row_is_marked_on_its_cut_out() -> None:
    drawn = _drawn(*_cited_row())
    assert drawn.getpixel((108, 58)) == FILL and drawn.getpixel((108, 20)) == drawn.getpixel((108, 100)) == (255,) * 3
    figure = _drawn(*_cited_row("figure"))
    assert figure.getpixel((108, 58)) == (255,) * 3 and OUTLINE in {colour for _, colour in figure.getcolors() or ()}
    elsewhere = _drawn(*_cited_row(size=(300, 60)))  # a picture of another place
    assert elsewhere.getcolors() == [(300 * 60, (255,) * 3)]


def test_of_a_passage_in_two_columns_or_beside_another_the_cited_one_is_marked() -> None:
    picture, cited, piece = _cited_row("text")
    other = BBox(300, 100, 560, 700)
    for regions in ((Region(12, other), *piece.chunk.regions), (Region(12, other),)):
        moved = replace(piece, chunk=replace(piece.chunk, regions=regions))
        drawn = _drawn(picture, replace(cited, page=12, bbox=piece.chunk.bbox), moved)
        assert drawn.getpixel((108, 58)) == FILL


def test_files_show_the_marked_cut_out() -> None:
    picture, cited, piece = _cited_row()
    turn = KeptTurn("t", "What is E6?", text=TEXT, answer=Answer(TEXT, (cited,), (piece,), False, 0, "quotes", 0.1))
    file = Exported(replace(turn, evidence=(piece,)), {"1": picture})
    marked = png(picture, cited, piece) or b""
    assert base64.b64encode(marked).decode() in as_html("Title", [file])
    with zipfile.ZipFile(io.BytesIO(as_markdown("Title", [file]))) as archive:
        assert archive.read("pictures/001-1.png") == marked
