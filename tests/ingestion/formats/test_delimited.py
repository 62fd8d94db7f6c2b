"""CSV and its like are read as tables, whatever stands between the cells and however the file is encoded."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.errors import NoPages, NotAPdf
from ingestion.formats.delimited import delimited, sign_between
from ingestion.formats.detect import Format, format_of
from ingestion.parse import parse_pdf

ROWS: list[tuple[str, ...]] = [("Code", "Meaning", "Price"), ("E6", "Fan, slow; see 4.2", "1,50"), ("007", "Größe", "")]


def written(rows: list[tuple[str, ...]], sign: str) -> str:
    return "\r\n".join(sign.join(f'"{c}"' if sign in c or '"' in c else c for c in row) for row in rows)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_cells_are_found(tmp_path: Path, sign: str, encoding: str) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(written(ROWS, sign).encode(encoding))
    assert format_of(path) == Format("office", "csv")
    (table,) = delimited(path).html
    assert "<tr><th>Code</th><th>Meaning</th><th>Price</th></tr>" in table
    assert "<tr><td>E6</td><td>Fan, slow; see 4.2</td><td>1,50</td></tr>" in table
    assert "<td>007</td><td>Größe</td><td></td>" in table


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a;b\n1,5;2,5\n2,5;3,5\n", ";"),
        ("a,b\n1;2,3\n", ","),
        ('"x, y; z",2\n"u; v",3\n', ","),
        ("one column\nof words\n", ","),
        ("", ","),
    ],
)
def test_what_stands_between_cells(text: str, sign: str) -> None:
    assert sign_between(text) == sign


def test_a_table_is_an_element_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "codes.tsv"
    path.write_text(written(ROWS, "\t"), encoding="utf-8")
    document = parse_pdf(path, tmp_path / "out")
    tables = [element for element in document.elements if element.kind == "table"]
    assert len(tables) == 1
    assert "E6" in tables[0].text and "Größe" in tables[0].text


def test_what_is_no_table_is_refused_by_name(tmp_path: Path) -> None:
    blank, binary = tmp_path / "blank.csv", tmp_path / "binary.csv"
    blank.write_text(" ,\n,,\n", encoding="utf-8")
    binary.write_bytes(b"a,b\0c\n")
    with pytest.raises(NoPages, match=r"blank\.csv has nothing"):
        parse_pdf(blank, tmp_path / "out")
    with pytest.raises(NotAPdf, match=r"binary\.csv is not a PDF"):
        format_of(binary)


def test_the_line_that_tells_excel_the_sign_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_bytes(b"sep=;\r\nPart;Price, net\r\nSeal;1,5\r\n")
    assert delimited(path).html == [
        "<table><tr><th>Part</th><th>Price, net</th></tr><tr><td>Seal</td><td>1,5</td></tr></table>"
    ]


@pytest.mark.parametrize("between", ["", ";;;\n"])
def test_what_stands_above_a_table_is_no_row_of_it(tmp_path: Path, between: str) -> None:
    path = tmp_path / "log.csv"
    above = f"Export;;;\nDate;01.03.2026;;\n{between}"
    path.write_text(f"{above}Time;Temp;Pressure;Note\n08:00;21,5;1,02;start\n08:10;22;1,05;\n", encoding="utf-8")
    (html,) = delimited(path).html
    assert html.startswith("<p><b>Export</b></p><p>Date 01.03.2026</p>")
    assert "<table><tr><th>Time</th><th>Temp</th><th>Pressure</th><th>Note</th></tr>" in html
