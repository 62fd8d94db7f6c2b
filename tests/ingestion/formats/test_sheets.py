"""Workbooks: cells as they are shown; what is hidden or was never computed is named; comments are read."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from make_files import archive
from openpyxl.comments import Comment

from ingestion.formats.number_formats import shown, text_shown
from ingestion.formats.office import Book, as_book


def saved(book: openpyxl.Workbook, tmp_path: Path) -> Book:
    book.save(tmp_path / "a.xlsx")
    return as_book(tmp_path / "a.xlsx", "xlsx")


def test_comments_formulas_and_odd_characters(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Costs"
    for row in (["Item", "Price"], ["Pump", 12.5], ["Valve_x000D_\nDN 20", 3], ["Sum", "=SUM(B2:B3)"]):
        sheet.append(row)
    sheet["B2"].number_format = '#,##0.00 "EUR"'
    sheet["B2"].comment = Comment("Old price", "Ada")
    made = saved(book, tmp_path)
    html = made.content.decode()
    assert "<td>12.50 EUR</td>" in html and "<td>=SUM(B2:B3)</td>" in html
    assert "Valve\nDN 20" in html and "_x000D_" not in html
    assert "<p>Comment on B2 (Ada): Old price</p>" in html
    assert "1 × value of a formula (Costs!B4)" in made.lost


def test_what_is_hidden_is_named_and_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Parts"
    for row in (
        ["Part", "Cost", "Size"],
        ["Pump", "secret1", "3"],
        ["Valve", "secret2", "4"],
        ["Seal", "secret3", "5"],
    ):
        sheet.append(row)
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    away = book.create_sheet("Drafts")
    away.append(["secret4"])
    away.sheet_state = "veryHidden"
    made = saved(book, tmp_path)
    assert b"secret" not in made.content and b"Valve" not in made.content
    assert b"<td>Seal</td><td>5</td>" in made.content
    for said in ("4 × hidden cell (sheet Parts, column B)", "hidden row (sheet Parts)", "hidden sheet (Drafts)"):
        assert said in made.lost


def test_rows_that_a_filter_hides_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Part", "Size"], ["Pump", "3"], ["Valve", "4"]):
        sheet.append(row)
    sheet.auto_filter.ref = "A1:B3"
    sheet.auto_filter.add_filter_column(0, ["Pump"])
    sheet.row_dimensions[3].hidden = True
    made = saved(book, tmp_path)
    assert b"<td>Valve</td><td>4</td>" in made.content and not made.lost


def test_merged_cells_and_titles_above_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Price list 2031"])
    sheet.append([])
    for row in (["Model", "Power", None], [None, "low", "high"], ["A", 1, 2], [None, 3, 4]):
        sheet.append(row)
    for merged in ("A1:C1", "A3:A4", "B3:C3", "A5:A6"):
        sheet.merge_cells(merged)
    html = saved(book, tmp_path).content.decode()
    assert '<p><b>Price list 2031</b></p><table><tr><th>Model</th><th colspan="2">Power</th></tr>' in html
    assert "<th>Model</th><th>low</th><th>high</th>" in html
    assert "<tr><td>A</td><td>1</td><td>2</td></tr><tr><td>A</td><td>3</td><td>4</td></tr>" in html


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (0.255, "0.0%", "25.5%"),
        (1234.5, '#,##0.00 "EUR"', "1,234.50 EUR"),
        (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"),
        (-5, "0.00;[Red](0.00)", "(5.00)"),
        (-1234.5, "_-* #,##0.00 €_-;-* #,##0.00 €_-", "-1,234.50 €"),
        (42, "0000", "0042"),
        (5551234, "000-0000", "555-1234"),
        (1234567, '0.0,,"M"', "1.2M"),
        (0.000001, "0.00E+00", "1.00E-06"),
        (1.25, "# ?/?", "1 1/4"),
        (0, '0;-0;"none"', "none"),
        (3.5, '0.0" kg"', "3.5 kg"),
        (150, '[>100]"high "0;0', "high 150"),
        (2.5, "0.##", "2.5"),
        (2.675, "0.00", "2.68"),
        (-0.004, "0.00", "0.00"),
        (0.1 + 0.2, "General", "0.3"),
        (20, "yyyy-mm-dd", "20"),
        (7, "nonsense [ ; 0", "7"),
    ],
)
def test_numbers_are_shown_by_their_format(number: float, code: str, said: str) -> None:
    assert shown(number, code) == said


def test_texts_have_formats_too() -> None:
    assert text_shown("A7", '"No. "@') == "No. A7" and text_shown("A7", "0.00") == "A7"


def test_newer_comments_are_read_with_their_answers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Oil", "800 h"])
    book.active["B1"].comment = Comment("[Threaded comment]\n\nYour version cannot show it", "tc={1}")
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as file:
        parts = {name: file.read(name) for name in file.namelist()}
    links = "xl/worksheets/_rels/sheet1.xml.rels"
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    parts[links] = parts[links].replace(
        b"</Relationships>",
        f'<Relationship Id="t1" Type="{kind}" Target="../threadedComments/t1.xml"/></Relationships>'.encode(),
    )
    space = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
    parts["xl/threadedComments/t1.xml"] = (
        f'<ThreadedComments {space}><threadedComment ref="B1" personId="p"><text>Now 600 h?</text></threadedComment>'
        '<threadedComment ref="B1" personId="q" parentId="1"><text>Yes.</text></threadedComment></ThreadedComments>'
    ).encode()
    parts["xl/persons/person.xml"] = f'<personList {space}><person id="p" displayName="Ada"/></personList>'.encode()
    html = as_book(archive(tmp_path / "b.xlsx", parts), "xlsx").content.decode()
    assert "<p>Comment on B1 (Ada): Now 600 h?</p><p>Comment on B1: Yes.</p>" in html and "Threaded" not in html


def test_hexadecimal_texts_are_whole(tmp_path: Path) -> None:
    """As Excel writes them, in a part of their own."""
    texts = [
        "<t>0x005F_0010</t>",
        "<t>CLK_x005F_x0041_EN</t>",
        '<r><t>Base</t></r><r><t xml:space="preserve"> register</t></r>',
    ]
    book = openpyxl.Workbook()
    for place in range(len(texts)):
        book.active.append([place])
    book.save(tmp_path / "plain.xlsx")
    main, kind = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "sharedStrings"
    strings = "".join(f"<si>{text}</si>" for text in texts)
    with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name).decode()
            content = content.replace(' t="n"', ' t="s"') if name.startswith("xl/worksheets/") else content
            if name == "[Content_Types].xml":
                package = "application/vnd.openxmlformats-officedocument.spreadsheetml"
                typed = f'<Override PartName="/xl/{kind}.xml" ContentType="{package}.{kind}+xml"/>'
                content = content.replace("</Types>", f"{typed}</Types>")
            new.writestr(name, content)
        new.writestr(f"xl/{kind}.xml", f'<sst xmlns="{main}">{strings}</sst>')
    html = as_book(tmp_path / "a.xlsx", "xlsx").content.decode()
    assert all(f">{text}<" in html for text in ("0x005F_0010", "CLK_x0041_EN", "Base register"))


def test_words_of_text_boxes_are_read_and_tables_beside_each_other_parted(tmp_path: Path) -> None:
    rows = [
        ["Code", "Meaning", None, "Part", "Number"],
        ["E5", "Door open", None, "Screw", 8],
        ["E6", "Hot", None, "Nut", 4],
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.insert_textbox(5, 1, "Call the workshop\nat any hour")
    html = as_book(tmp_path / "a.xlsx", "xlsx").content.decode()
    assert "<p>Call the workshop</p><p>at any hour</p>" in html
    assert "<tr><th>Code</th><th>Meaning</th></tr>" in html and "<tr><td>Nut</td><td>4</td></tr></table>" in html


def test_tables_below_each_other_are_told_apart(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows: list[list[object]] = [["Part", "Qty"], ["A-1", 5], ["A-2", 7], [], ["Site", "Manager", "Phone"]]
    for row in [*rows, ["North", "Ito", "030 12"], ["South", "Osei", "020 55"]]:
        sheet.append(row)
    html = saved(book, tmp_path).content.decode()
    assert html.count("<table>") == 2 and "<th>Site</th><th>Manager</th><th>Phone</th>" in html


def test_empty_rows_within_a_table_and_hidden_ones_part_nothing(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    rows: list[list[object]] = [["Part", "Qty"], ["A-1", 5], [], ["A-2", 7], ["Seal", "two"], ["Ring", 3]]
    for row in rows:
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    assert saved(book, tmp_path).content.decode().count("<table>") == 1


def test_what_stands_above_a_head_with_merged_cells_is_no_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    above: list[list[object]] = [["Plan"], ["Plant: Hull", None, "Year: 2026"], []]
    for row in [*above, ["System", "Jan", None], [None, "plan", "real"], ["Pump", 4, 5], ["Fan", 2, 3]]:
        sheet.append(row)
    for merged in ("A4:A5", "B4:C4"):
        sheet.merge_cells(merged)
    html = saved(book, tmp_path).content.decode()
    assert "<p><b>Plan</b></p><p>Plant: Hull Year: 2026</p><table>" in html
    assert '<th>System</th><th colspan="2">Jan</th></tr><tr><th>System</th><th>plan</th><th>real</th></tr>' in html
