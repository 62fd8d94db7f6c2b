"""What stands on a PDF beside its print: notes, comments, ticks, attached files. Read, or named."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pymupdf
import pytest
from make_files import docx, noise, run_of

from ingestion.elements import Document
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.workers.parse import parse_in_worker

NO_OCR = ParseOptions(ocr="off")
PROSE = "The wash line has three tanks. Tank two is heated to 55 °C by a coil of steam. "


def sheet(lines: list[str]) -> pymupdf.Document:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    for number, line in enumerate(lines):
        page.insert_text((60, 80 + 40 * number), line, fontsize=11)
    return doc


def parsed(doc: pymupdf.Document, tmp_path: Path) -> Document:
    path = tmp_path / "plan.pdf"
    doc.save(path)
    return parse_pdf(path, tmp_path / "out", NO_OCR)


def texts(document: Document) -> list[str]:
    return [element.text for element in document.elements]


def test_notes_and_comments_are_read_where_they_stand(tmp_path: Path) -> None:
    doc = sheet([PROSE, "The drain valve is opened by hand.", "Last line of the sheet."])
    page = doc[0]
    note = page.add_text_annot((500, 118), "Now with a motor, tag MV-12.")
    note.set_info(title="Ada")
    mark = page.add_highlight_annot(page.search_for("heated to 55 °C")[0])
    mark.set_info(content="Raised to 62 °C.")
    reply = page.add_text_annot((300, 75), "Confirmed in May.")
    reply.set_info(title="Bo")
    reply.set_irt_xref(mark.xref)
    page.add_freetext_annot(pymupdf.Rect(60, 300, 330, 330), "Printed field note.", fontsize=11)
    hidden = page.add_text_annot((400, 400), "Hidden remark")
    hidden.set_flags(pymupdf.PDF_ANNOT_IS_HIDDEN)
    for annot in page.annots():
        annot.update()
    found = parsed(doc, tmp_path)
    said = texts(found)
    comment = "Comment on “heated to 55 °C”: Raised to 62 °C.\nReply by Bo: Confirmed in May."
    assert comment in said and "Note by Ada: Now with a motor, tag MV-12." in said
    assert sum("Printed field note." in text for text in said) == 1 and not any("Hidden" in text for text in said)
    place = said.index(comment)
    assert place > next(n for n, text in enumerate(said) if text.startswith("The wash line"))
    element = found.elements[place]
    assert element.region.bbox.y0 < 100 and element.region.bbox.x0 > 60
    assert any("Raised to 62 °C" in chunk.text for chunk in found.chunks if chunk.kind == "text")
    assert not found.problems


def test_a_note_on_a_turned_page_stands_where_it_is_displayed(tmp_path: Path) -> None:
    doc = sheet([PROSE])
    note = doc[0].add_text_annot((500, 700), "In the corner")
    note.update()
    doc[0].set_rotation(90)
    found = parsed(doc, tmp_path)
    box = next(element.region.bbox for element in found.elements if "In the corner" in element.text)
    assert box.x0 < 200 and box.y0 > 450


def test_what_a_program_repeats_of_marked_words_is_no_comment(tmp_path: Path) -> None:
    doc = sheet([PROSE])
    page = doc[0]
    mark = page.add_highlight_annot(page.search_for("three tanks")[0])
    mark.set_info(content="three  tanks")
    mark.update()
    assert not any("Comment" in text for text in texts(parsed(doc, tmp_path)))


def test_ticks_of_a_form_are_characters(tmp_path: Path) -> None:
    doc = sheet(["Filter replaced:", "Leak found:", "Belt checked:"])
    page = doc[0]
    for number, on in enumerate((True, False, True)):
        box = pymupdf.Widget()
        box.field_type, box.field_name = pymupdf.PDF_WIDGET_TYPE_CHECKBOX, f"box{number}"
        box.rect = pymupdf.Rect(160, 70 + 40 * number, 174, 84 + 40 * number)
        box.field_value = on
        page.add_widget(box)
    field = pymupdf.Widget()
    field.field_type, field.field_name, field.field_value = pymupdf.PDF_WIDGET_TYPE_TEXT, "t", "KX-4471-B"
    field.rect = pymupdf.Rect(160, 190, 300, 206)
    page.add_widget(field)
    text = next(chunk.text for chunk in parsed(doc, tmp_path).chunks if chunk.kind == "page")
    assert text.count("✔") == 2 and text.count("☐") == 1 and "3" not in text and "4471" in text


def attach(doc: pymupdf.Document, name: str, content: bytes) -> None:
    doc.embfile_add(name, content, filename=name)


def test_attached_files_are_pages_behind_the_last(tmp_path: Path) -> None:
    inner = sheet(["The backwash lasts 4 minutes."])
    inner.new_page().insert_text((60, 80), "Second page of the manual.")
    book = openpyxl.Workbook()
    book.active.append(["Valve", "Torque"])
    book.active.append(["V-3", "18 Nm"])
    sheet_file = io.BytesIO()
    book.save(sheet_file)
    word = docx(tmp_path / "w.docx", f"<w:p>{run_of('Words of the attached text.')}</w:p>").read_bytes()
    doc = sheet(["This is a portfolio.", "Open it in a viewer."])
    attach(doc, "filter manual.pdf", inner.tobytes())
    attach(doc, "torques.xlsx", sheet_file.getvalue())
    attach(doc, "photo.png", noise())
    doc[0].add_file_annot((300, 300), word, "letter.docx").update()
    attach(doc, "invoice.sap", b"<?xml version='1.0'?><a/>")
    path = tmp_path / "folder.pdf"
    doc.save(path)
    found = parse_in_worker(path, tmp_path / "out", NO_OCR, workers=2)
    pages = {chunk.page: chunk.text for chunk in found.chunks if chunk.kind == "page"}
    assert len(found.pages) == 6
    headings = {e.region.page: e.text for e in found.elements if e.text.startswith("Attached file")}
    assert sorted(headings.values()) == [
        f"Attached file: {name}" for name in ("filter manual.pdf", "letter.docx", "photo.png", "torques.xlsx")
    ]
    place = {name.removeprefix("Attached file: "): page for page, name in headings.items()}
    assert "4 minutes" in pages[place["filter manual.pdf"]]
    assert "Second page of the manual." in pages[place["filter manual.pdf"] + 1]
    assert "18 Nm" in pages[place["torques.xlsx"]] and "Words of the attached" in pages[place["letter.docx"]]
    minutes = next(e for e in found.elements if "4 minutes" in e.text)
    assert minutes.heading == "Attached file: filter manual.pdf"
    assert 80 < minutes.region.bbox.y0 < 110, "below the strip that names the file"
    assert all((tmp_path / "out" / str(page.image)).is_file() for page in found.pages)
    assert [p.message for p in found.problems if "invoice.sap is not read" in p.message]
    assert len(found.problems) == 1


def test_limits_of_attached_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingestion.pdf.attachments.MOST_BYTES", 10_000)
    third = sheet(["Third"])
    second = sheet(["Second"])
    attach(second, "third.pdf", third.tobytes())
    locked = sheet(["Locked"]).tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o")
    doc = sheet(["First"])
    attach(doc, "second.pdf", second.tobytes(garbage=3, deflate=True))
    attach(doc, "bomb.txt", bytes(5_000_000))
    attach(doc, "locked.pdf", locked)
    attach(doc, "../../../tmp/escape.txt", b"Words of a file with a bold name.\n\n" * 9)
    found = parsed(doc, tmp_path)
    said = " | ".join(problem.message for problem in found.problems)
    assert "third.pdf, attached to second.pdf, is not read" in said
    assert "the attached file bomb.txt is not read: it is too large" in said
    assert "the attached file locked.pdf is not read" in said and "encrypted" in said
    assert "Attached file: escape.txt" in texts(found) and not Path("/tmp/escape.txt").exists()
    assert len(found.pages) == 3


def test_damaged_attachments_do_not_stop_the_rest(tmp_path: Path) -> None:
    doc = sheet(["Cover."])
    attach(doc, "a.pdf", b"%PDF-1.7\nnothing")
    attach(doc, "b.txt", b"First line.\n\n" * 9 + b"Words in b.\n\nLast line.")
    found = parsed(doc, tmp_path)
    assert any("the attached file a.pdf is not read" in problem.message for problem in found.problems)
    assert any("Words in b." in text for text in texts(found))


def ticked(width: float, height: float) -> pymupdf.Document:
    doc = pymupdf.open()
    page = doc.new_page(width=width, height=height)
    page.insert_text((50, 52), "Belt checked", fontsize=11)
    box = pymupdf.Widget()
    box.field_type, box.field_name = pymupdf.PDF_WIDGET_TYPE_CHECKBOX, "belt"
    box.rect, box.field_value = pymupdf.Rect(20, 40, 34, 54), True
    page.add_widget(box)
    return doc


def test_ticks_of_a_small_form_that_is_read_enlarged(tmp_path: Path) -> None:
    document = parsed(ticked(200, 120), tmp_path)
    assert not document.problems
    said = " ".join(texts(document))
    assert "✔" in said and "Belt checked" in said


def test_a_broken_form_costs_its_ticks_and_not_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(page: pymupdf.Page) -> None:
        raise RuntimeError("code=7: Cycle in field parents")  # what the library says of such a form

    monkeypatch.setattr("ingestion.pdf.document.ticks_as_text", broken)
    document = parsed(ticked(595, 842), tmp_path)
    assert "Belt checked" in " ".join(texts(document))
    (problem,) = document.problems
    assert problem.stage == "form" and "which boxes are ticked" in problem.message


@pytest.mark.parametrize("drawn", [True, False])
def test_what_is_chosen_in_a_list_is_read(tmp_path: Path, drawn: bool) -> None:
    doc = sheet(["Grade:"])
    page = doc[0]
    choices = pymupdf.Widget()
    choices.field_type, choices.field_name = pymupdf.PDF_WIDGET_TYPE_LISTBOX, "grade"
    choices.rect, choices.choice_values = pymupdf.Rect(160, 66, 360, 126), ["grade A", "grade B", "grade C"]
    choices.field_value = "grade C"
    page.add_widget(choices)
    for field in page.widgets():
        doc.xref_set_key(field.xref, "V", "[(grade A)(grade C)]")
        if not drawn:
            doc.xref_set_key(field.xref, "AP", "null")
    said = " ".join(" ".join(texts(parsed(doc, tmp_path))).split())
    assert "✔ grade A grade B ✔ grade C" in said


@pytest.mark.parametrize(("turn", "unit"), [(90, 2.0), (270, 2.0), (180, 0.5), (90, 1.0)])
def test_a_note_stays_where_it_is_on_a_turned_page_of_another_unit(tmp_path: Path, turn: int, unit: float) -> None:
    doc = sheet([PROSE, "The drain valve is opened by hand."])
    page = doc[0]
    page.add_text_annot((300, 500), "Check this seal.").update()
    page.set_rotation(turn)
    if unit != 1:
        doc.xref_set_key(page.xref, "UserUnit", str(unit))
    (found,) = [e for e in parsed(doc, tmp_path).elements if e.text == "Note: Check this seal."]
    corner = pymupdf.Point(300, 500) * page.rotation_matrix * unit
    box = found.region.bbox
    assert max(abs((box.x0 + box.x1) / 2 - corner.x), abs((box.y0 + box.y1) / 2 - corner.y)) < 20 * unit


def test_the_sign_of_a_note_is_not_read_as_a_letter(tmp_path: Path) -> None:
    doc = sheet(["Seal ring"])
    doc[0].add_text_annot((300, 300), "Replaced in May.").update()
    path = tmp_path / "note.pdf"
    doc.save(path)
    found = parse_pdf(path, tmp_path / "out", ParseOptions(ocr="auto"))
    assert sorted(texts(found)) == ["Note: Replaced in May.", "Seal ring"]
