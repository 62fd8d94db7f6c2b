"""The recipe on small real PDFs made here."""

from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw

from ingestion.elements import Document, PageProblem
from ingestion.errors import EmptyFile, EncryptedPdf, IngestionError, LimitExceeded, NotAPdf, UnreadableFile
from ingestion.page_content import degraded
from ingestion.page_reader import PageReader
from ingestion.parse import ParseOptions, assemble, parse_pdf

BODY = (
    "The circulation pump draws water from the tank and presses it through the flow meter into the boiler. "
    "A dry pump is loud and wears out within minutes, so the controller stops it after eight seconds without flow. "
)


def write(doc: pymupdf.Document, path: Path, **options: object) -> Path:
    doc.save(path, **options)
    doc.close()
    return path


def manual_page(doc: pymupdf.Document, number: int) -> pymupdf.Page:
    page = doc.new_page(width=595, height=842)
    page.insert_text((60, 40), "Aurora service manual", fontsize=8)
    page.insert_text((60, 90), f"{number}. Water circuit", fontsize=18, fontname="hebo")
    page.insert_textbox(pymupdf.Rect(60, 110, 535, 220), BODY * 2 + f"See Figure {number}.", fontsize=11)
    page.insert_text((290, 820), str(number), fontsize=8)
    return page


def picture(size: tuple[int, int] = (400, 260)) -> bytes:
    import io

    image = Image.effect_noise(size, 90).convert("RGB")
    ImageDraw.Draw(image).ellipse([40, 40, size[0] - 40, size[1] - 40], fill=(200, 60, 40), outline="black", width=5)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Path]:
    folder = tmp_path_factory.mktemp("manual")
    doc = pymupdf.open()
    for number in (1, 2):
        page = manual_page(doc, number)
        shown = pymupdf.Rect(120, 260, 470, 480)
        page.insert_image(shown, stream=picture((400 + number, 260)), keep_proportion=False)
        page.insert_text((120, 500), f"Figure {number}: Pump {number} with its housing", fontsize=10)
    path = write(doc, folder / "manual.pdf")
    return parse_pdf(path, folder / "out", ParseOptions(ocr="off")), folder / "out"


def test_headings_text_and_figures_are_found_in_order(manual: tuple[Document, Path]) -> None:
    document, _ = manual
    first = [e for e in document.elements if e.region.page == 1]
    kinds = [e.kind for e in first if "Aurora service manual" not in e.text]  # which runs over the pages
    assert kinds.index("heading") < kinds.index("text") < kinds.index("figure")
    figure = next(e for e in first if e.kind == "figure")
    assert figure.caption.startswith("Figure 1: Pump 1")
    assert "Water circuit" in figure.heading
    assert figure.body
    x0, y0, x1, y1 = figure.body
    assert abs(x0 - 120) < 6 and abs(y0 - 260) < 6 and abs(x1 - 470) < 6 and abs(y1 - 480) < 6


def test_crops_and_page_images_are_files(manual: tuple[Document, Path]) -> None:
    document, out = manual
    figure = next(c for c in document.chunks if c.kind == "figure")
    assert figure.image is not None
    with Image.open(out / figure.image) as crop:
        assert abs(crop.width / 2 - (figure.bbox.x1 - figure.bbox.x0 + 8)) < 4
    with Image.open(out / (document.pages[0].image or "")) as page:
        assert page.size == (1190, 1684)


def test_mentions_are_attached(manual: tuple[Document, Path]) -> None:
    document, _ = manual
    figure = next(c for c in document.chunks if c.kind == "figure" and c.page == 2)
    assert "See Figure 2." in figure.mentions


def test_parsing_twice_gives_the_same_ids(manual: tuple[Document, Path], tmp_path: Path) -> None:
    document, out = manual
    again = parse_pdf(out.parent / "manual.pdf", tmp_path, ParseOptions(ocr="off"))
    assert [c.id for c in again.chunks] == [c.id for c in document.chunks]
    assert again.id == document.id


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_boxes_are_in_displayed_points_on_rotated_pages(tmp_path: Path, rotation: int) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_image(pymupdf.Rect(100, 200, 400, 350), stream=picture(), keep_proportion=False)
    page.insert_textbox(pymupdf.Rect(60, 500, 535, 700), BODY * 3, fontsize=11)
    page.set_rotation(rotation)
    document = parse_pdf(write(doc, tmp_path / "turned.pdf"), tmp_path / "out", ParseOptions(ocr="off"))
    expected = {90: (492, 100, 642, 400), 180: (195, 492, 495, 642), 270: (200, 195, 350, 495)}[rotation]
    figure = next(e for e in document.elements if e.kind == "figure")
    assert all(abs(a - b) < 6 for a, b in zip(figure.region.bbox, expected, strict=True)), figure.region.bbox
    assert document.pages[0].rotation == rotation
    size = (document.pages[0].width, document.pages[0].height)
    assert size == ((842, 595) if rotation != 180 else (595, 842))


def test_boxes_are_relative_to_the_crop_box(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=700, height=900)
    page.insert_image(pymupdf.Rect(150, 250, 450, 400), stream=picture(), keep_proportion=False)
    page.insert_textbox(pymupdf.Rect(110, 500, 585, 700), BODY * 3, fontsize=11)
    page.set_cropbox(pymupdf.Rect(50, 100, 650, 850))
    document = parse_pdf(write(doc, tmp_path / "cropped.pdf"), tmp_path / "out", ParseOptions(ocr="off"))
    assert (document.pages[0].width, document.pages[0].height) == (600, 750)
    figure = next(e for e in document.elements if e.kind == "figure")
    assert all(abs(a - b) < 6 for a, b in zip(figure.region.bbox, (100, 150, 400, 300), strict=True))


def test_an_image_only_page_is_read_with_boxes(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = source.new_page(width=595, height=842)
    page.insert_textbox(pymupdf.Rect(60, 100, 535, 300), "Replace gasket 4711 every twelve months.", fontsize=20)
    pixels = page.get_pixmap(dpi=150).tobytes("png")
    source.close()
    doc = pymupdf.open()
    doc.new_page(width=595, height=842).insert_image(pymupdf.Rect(0, 0, 595, 842), stream=pixels)
    path = write(doc, tmp_path / "scan.pdf")
    document = parse_pdf(path, tmp_path / "out")
    passage = next(c for c in document.chunks if c.kind == "text")
    assert "gasket 4711" in passage.text
    assert 50 < passage.bbox.x0 < 75 and 90 < passage.bbox.y0 < 125
    without = parse_pdf(path, tmp_path / "out2", ParseOptions(ocr="off"))
    assert not any("gasket" in c.text for c in without.chunks)


def test_repeated_logos_are_dropped_and_footers_but_for_the_first(tmp_path: Path) -> None:
    doc = pymupdf.open()
    logo = picture((120, 80))
    for number in range(1, 5):
        page = manual_page(doc, number)
        page.insert_image(pymupdf.Rect(450, 730, 530, 785), stream=logo)
    document = parse_pdf(write(doc, tmp_path / "logos.pdf"), tmp_path / "out", ParseOptions(ocr="off"))
    assert not [e for e in document.elements if e.kind == "figure"]
    said = [c for c in document.chunks if c.kind == "text" and "Aurora service manual" in c.text]
    assert [(c.page, c.heading) for c in said] == [(1, "")]


def test_a_lost_page_is_a_problem_not_a_lost_document(tmp_path: Path) -> None:
    doc = pymupdf.open()
    manual_page(doc, 1)
    manual_page(doc, 2)
    path = write(doc, tmp_path / "two.pdf")
    with PageReader(path, tmp_path / "out", ParseOptions(ocr="off")) as reader:
        contents = [reader.read(1), degraded(PageProblem(2, "read", "took longer than 60 s"))]
    document = assemble(path, contents)
    assert len(document.pages) == 2
    assert [p.message for p in document.problems] == ["took longer than 60 s (it is lost)"]
    assert any(c.kind == "text" and c.page == 1 for c in document.chunks)


def test_a_page_of_countless_paths_keeps_its_text(tmp_path: Path) -> None:
    doc = pymupdf.open()
    page = manual_page(doc, 1)
    commands = "".join(f"{60 + i % 400} {300 + i // 400} 1 1 re f\n" for i in range(20_500))
    xref = doc.get_new_xref()
    doc.update_object(xref, "<<>>")
    doc.update_stream(xref, commands.encode())
    contents = " ".join(f"{x} 0 R" for x in [*page.get_contents(), xref])
    doc.xref_set_key(page.xref, "Contents", f"[{contents}]")
    document = parse_pdf(write(doc, tmp_path / "map.pdf"), tmp_path / "out", ParseOptions(ocr="off"))
    assert "paths" in document.problems[0].message
    assert any("circulation pump" in c.text for c in document.chunks if c.kind == "text")


def make_bad(folder: Path, name: str) -> Path:
    path = folder / f"{name}.pdf"
    if name == "empty":
        path.write_bytes(b"")
    elif name == "page":
        path.write_text("\ufeff\n<!-- error --><HTML><body>Sign in first</body></HTML>", encoding="utf-8")
    elif name == "folder":
        path.mkdir()
    elif name == "noise":
        path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    elif name == "encrypted":
        doc = pymupdf.open()
        manual_page(doc, 1)
        write(doc, path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="owner")
    return path


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("empty", EmptyFile, "empty"),
        ("page", NotAPdf, "web page, not a PDF"),
        ("folder", UnreadableFile, "folder"),
        ("missing", UnreadableFile, "does not exist"),
        ("noise", IngestionError, "noise.pdf"),
        ("encrypted", EncryptedPdf, "password"),
    ],
)
def test_bad_files_are_clear_errors(tmp_path: Path, name: str, error: type[IngestionError], words: str) -> None:
    path = make_bad(tmp_path, name)
    with pytest.raises(error, match=words):
        parse_pdf(path, tmp_path / "out")


def test_a_password_opens_and_a_wrong_one_says_so(tmp_path: Path) -> None:
    path = make_bad(tmp_path, "encrypted")
    document = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="off", password="secret"))
    assert any("circulation pump" in c.text for c in document.chunks)
    with pytest.raises(EncryptedPdf, match="wrong"):
        parse_pdf(path, tmp_path / "out", ParseOptions(password="guess"))


def test_the_page_limit_names_itself(tmp_path: Path) -> None:
    doc = pymupdf.open()
    manual_page(doc, 1)
    manual_page(doc, 2)
    path = write(doc, tmp_path / "two.pdf")
    with pytest.raises(LimitExceeded, match="PAGESIGHT_MAX_PAGES"):
        parse_pdf(path, tmp_path / "out", ParseOptions(max_pages=1))


def test_a_truncated_file_is_mended_and_says_so(tmp_path: Path) -> None:
    doc = pymupdf.open()
    for number in range(1, 4):
        manual_page(doc, number)
    whole = write(doc, tmp_path / "whole.pdf").read_bytes()
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    document = parse_pdf(cut, tmp_path / "out", ParseOptions(ocr="off"))
    assert "mended" in document.problems[0].message
    sound = parse_pdf(tmp_path / "whole.pdf", tmp_path / "out2", ParseOptions(ocr="off"))
    assert sound.problems == ()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_sideways_text_is_kept(tmp_path: Path, turn: int) -> None:
    doc = pymupdf.open()
    page = manual_page(doc, 1)
    page.insert_textbox(pymupdf.Rect(60, 400, 300, 640), "Torque limit 42 Nm at the flange", fontsize=14, rotate=turn)
    document = parse_pdf(write(doc, tmp_path / "sideways.pdf"), tmp_path / "out", ParseOptions(ocr="off"))
    assert any("Torque limit 42" in c.text for c in document.chunks if c.kind != "page")
