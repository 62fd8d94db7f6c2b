"""Web pages and e-books: what the PDF library would lose of them is said in another way."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from make_files import epub, noise

from ingestion.formats.equations import mathml
from ingestion.formats.html import epub as improved_book
from ingestion.formats.html import web_page
from ingestion.formats.html_blocks import blocks_of_html
from ingestion.parse import ParseOptions, parse_pdf
from ingestion.pdf.document import Pdf

NO_OCR = ParseOptions(ocr="off")


def page(body: str) -> str:
    html = web_page(f"<html><body>{body}</body></html>".encode()).content.decode()
    return html.partition("<body>")[2].partition("</body>")[0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("<mi>I</mi><mo>=</mo><mfrac><mi>U</mi><mi>R</mi></mfrac>", "I = U/R"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>c</mi></mrow></mfrac>", "(a+b)/(2c)"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>6</mn></mrow></msup>", "10⁻⁶"),
        ("<msub><mi>P</mi><mi>max</mi></msub>", "P_max"),
        ("<msqrt><mi>x</mi></msqrt><mo>≤</mo><mroot><mi>y</mi><mn>3</mn></mroot>", "√x ≤ ∛y"),
        ("<semantics><mi>k</mi><annotation>\\kappa</annotation></semantics>", "k"),
    ],
)
def test_equations_of_web_pages(given: str, said: str) -> None:
    assert mathml(etree.fromstring(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{given}</math>')) == said


def test_lists_keep_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<html><body><h1>Steps</h1><ol type="a"><li>open</li><li value="7">close</li><li><p>seal</p></li></ol>'
        '<ol start="4"><li>four</li></ol><ol><li>plain</li></ol><ol type="I" reversed><li>two</li><li>one</li></ol>'
        "</body></html>"
    )
    document = parse_pdf(tmp_path / "a.html", tmp_path / "out", NO_OCR)
    text = next(chunk.text for chunk in document.chunks if chunk.kind == "page")
    for said in ("a. open", "g. close", "h. seal", "4. four", "1. plain", "II. two", "I. one"):
        assert said in text


def test_pictures_beside_a_page_are_said_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text('<html><body><p>See <img src="../x.png" alt="Heater and relay"> here.</p></body></html>')
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    text = next(chunk.text for chunk in document.chunks if chunk.kind == "page")
    assert "See [Heater and relay] here." in text and "[image]" not in text
    assert "1 × picture beside the file" in document.problems[0].message


def test_cells_over_several_rows_are_said_in_each() -> None:
    html = page(
        "<table><tr><td rowspan=2>Model</td><td colspan=2>Power</td></tr><tr><td>low</td><td>high</td></tr>"
        "<tr><td rowspan=2>B</td><td>3</td><td rowspan=3>x</td></tr><tr><td>5</td></tr><tr><td>C</td></tr></table>"
    )
    text = etree.HTML(html)
    rows = [["".join(cell.itertext()).replace("\xa0", " ") for cell in row] for row in text.iter("tr")]
    assert rows == [["Model", "Power / low", "Power / high"], ["B", "3", "x"], ["B", "5", "x"], ["C", "", "x"]]


def test_rows_of_words_that_a_cell_reaches_over_are_no_head_without_groups() -> None:
    html = page(
        "<table><tr><td rowspan=2>Motor</td><td>Phases</td><td>three</td></tr><tr><td>Connection</td><td>star</td></tr>"
        "<tr><td>Pump</td><td>Seal</td><td>double</td></tr></table>"
    )
    rows = [["".join(cell.itertext()).replace("\xa0", " ") for cell in row] for row in etree.HTML(html).iter("tr")]
    assert rows == [["Motor", "Phases", "three"], ["Motor", "Connection", "star"], ["Pump", "Seal", "double"]]


TYPES = "<th rowspan=2>Type</th><th colspan=2>Flow</th><th>Weight</th>", "<th>min</th><th>max</th><th>kg</th>"
BODY = (
    "<tr><td>KX-12</td><td>low</td><td>high</td><td>n/a</td></tr>"
    "<tr><td>KX-18</td><td>12</td><td>14</td><td>32</td></tr>"
)


@pytest.mark.parametrize("marked", [True, False])
def test_a_head_of_two_rows_is_one_and_no_row_of_words_below_it_is_lost(tmp_path: Path, marked: bool) -> None:
    head = "".join(f"<tr>{row}</tr>" for row in TYPES)
    table = f"<table><thead>{head}</thead><tbody>{BODY}</tbody></table>" if marked else f"<table>{head}{BODY}</table>"
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><h1>Pumps</h1>{table}</body></html>")
    (found,) = [e for e in parse_pdf(path, tmp_path / "out", NO_OCR).elements if e.kind == "table"]
    assert found.text.splitlines() == [
        "| Type | Flow / min | Flow / max | Weight / kg |",
        "| --- | --- | --- | --- |",
        "| KX-12 | low | high | n/a |",
        "| KX-18 | 12 | 14 | 32 |",
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<tr><th>A</th><th>B</th></tr><tr><th>C</th><th>D</th></tr>",  # nothing below
        "<tr><th colspan=2>Pumps</th></tr><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>",  # a title
        "<tr><th>Power</th><td>2 kW</td></tr><tr><th>Flow</th><td>3 l</td></tr>",  # heads of rows
    ],
)
def test_rows_that_are_no_further_heads_stay(table: str) -> None:
    text = etree.HTML(page(f"<table>{table}</table>"))
    assert len(list(text.iter("tr"))) == table.count("<tr>") and " / " not in "".join(text.itertext())


def test_a_table_of_a_book_needs_no_borders_and_one_that_places_text_gets_none(tmp_path: Path) -> None:
    rows = "".join(
        f"<tr><td>{n}</td><td>{c}</td><td>{s}</td></tr>"
        for n, c, s in ((1, "brown", "24 V"), (2, "blue", "ground"), (3, "green", "shield"), (4, "white", "signal"))
    )
    table = f"<table><tr><th>Pin</th><th>Colour</th><th>Signal</th></tr>{rows}</table>"
    path = epub(tmp_path / "book.epub", f"<h1>Wiring</h1><p>The plug has&nbsp;four pins.</p>{table}")
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    found = next(element for element in document.elements if element.kind == "table")
    assert found.text.startswith("| Pin | Colour | Signal |") and "| 3 | green | shield |" in found.text
    placed = page("<table><tr><td>menu</td><td><h2>Main</h2></td></tr><tr><td>a</td><td>b</td></tr></table>")
    assert "class" not in placed


@pytest.mark.parametrize("kind", ["html", "epub"])
def test_nothing_beyond_the_edge_of_the_page_is_lost(tmp_path: Path, kind: str) -> None:
    cells = "".join(f"<td>column{n:02d}measurement</td>" for n in range(14))
    body = f"<p>Before.</p><table><tr>{cells}</tr><tr>{cells.replace('column13', 'KRYPTON')}</tr></table>"
    path = tmp_path / f"a.{kind}"
    if kind == "epub":
        epub(path, body)
    else:
        path.write_text(f"<html><body>{body}</body></html>")
    with Pdf(path) as pdf:
        sheet = pdf.page(1)
        assert "KRYPTONmeasurement" in sheet.text()
        assert max(line.bbox.x1 for line in sheet.lines()) < sheet.width


def test_short_cells_of_a_row_stay_on_one_line(tmp_path: Path) -> None:
    kinds = (
        "Seal kit",
        "SK 0092 A",
        "12.5 mm",
        "for pump B",
        "made of rubber",
        "packed in tens",
        "from stock",
        "no return",
    )
    rows = "".join("<tr>" + "".join(f"<td>{said} {n}</td>" for said in kinds) + "</tr>" for n in range(6))
    path = tmp_path / "a.html"
    path.write_text(f"<html><body><h1>Parts</h1><table>{rows}</table></body></html>")
    found = next(e for e in parse_pdf(path, tmp_path / "out", NO_OCR).elements if e.kind == "table")
    assert "| " + " | ".join(f"{said} 3" for said in kinds) + " |" in found.text


def test_letters_of_an_undeclared_page_are_right() -> None:
    assert "größer" in page("<p>größer</p>")
    latin = '<html><head><meta charset="iso-8859-1"></head><body><p>größer</p></body></html>'.encode("latin-1")
    assert "größer" in web_page(latin).content.decode()


def test_no_row_is_torn_where_a_page_ends(tmp_path: Path) -> None:
    causes = [
        f"The strainer of pump {n} is clogged, so that the water does not drain {'at all ' * 6}" for n in range(30)
    ]
    remedy = "Close the valve, clean the strainer and open the valve again. "
    rows = "".join(
        f"<tr><td>Fault {n}</td><td>{c}</td><td>{remedy * (1 + n % 3)}</td></tr>" for n, c in enumerate(causes)
    )
    path = tmp_path / "a.html"
    path.write_text(
        f"<html><body><table><tr><th>Fault</th><th>Cause</th><th>Remedy</th></tr>{rows}</table></body></html>"
    )
    document = parse_pdf(path, tmp_path / "out", NO_OCR)
    text = "\n".join(element.text for element in document.elements if element.kind == "table")
    assert len(document.pages) > 1
    for n, cause in enumerate(causes):
        assert f"| Fault {n} | {' '.join(cause.split())} | {remedy.strip()}" in text


def test_what_is_filled_in_and_chosen_is_said() -> None:
    said = page(
        "<p>Name <input value='Falk'><input type=hidden value=secret><input type=submit value=Send>"
        "<select><option>gas</option><option selected>oil</option></select><textarea>Two lines</textarea></p>"
    )
    assert " ".join(re.sub("<[^>]*>", "", said).split()) == "Name Falk Send gas / ✔ oil Two lines"


def test_a_word_with_its_reading_in_parts_stays_one_word() -> None:
    said = page("<p><ruby>電<rp>(</rp><rt>でん</rt><rp>)</rp>圧<rt>あつ</rt></ruby>は230V</p>")
    assert re.sub("<[^>]*>", "", said) == "電圧(でんあつ)は230V"


def test_a_caption_stands_above_its_table_and_two_tables_stay_two() -> None:
    said = page("<table><caption>Codes</caption><tr><td>E1</table><table><tr><td>E2</table>")
    assert said.startswith("<p>Codes</p><table>")
    assert re.search("</table><p>(\N{NO-BREAK SPACE}|&nbsp;|&#160;)</p><table", said)


def test_a_chapter_may_name_entities_of_its_own() -> None:
    chapter = '<!DOCTYPE html [<!ENTITY firm "Falk GmbH">]><html><body><p>&firm; &uuml;</p></body></html>'
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        book.writestr("a.xhtml", chapter)
    with zipfile.ZipFile(io.BytesIO(improved_book(held.getvalue()))) as book:
        assert "<p>Falk GmbH ü</p>" in book.read("a.xhtml").decode()


def test_the_way_back_from_a_note_is_no_text() -> None:
    note = '<p>Night tariff.<a href="#f1" role="doc-backlink" class="footnote-back">\u21a9\ufe0e</a></p>'
    said = web_page(f"<html><body>{note}<p>See <a href='#n'>note</a>.</p></body></html>".encode()).content.decode()
    assert "Night tariff.</p>" in said and "note</a>" in said


def test_a_table_in_a_cell_of_a_table_of_data_is_said_in_lines() -> None:
    inner = "<table><tr><td>left</td><td>A</td></tr><tr><td>right</td><td>B</td></tr></table>"
    said = page(f"<table><tr><th>Door</th><th>Note</th></tr><tr><td>1</td><td>{inner}</td></tr></table>")
    assert said.count("<table") == 1 and re.search("left,.A</p><p[^>]*>right,.B", said)
    layout = page(f"<table><tr><td>{inner}</td></tr></table>")
    assert layout.count("<table") == 1 and layout.count("<td") == 4, "the outer one only places it"


def test_a_point_that_only_holds_a_list_has_no_sign_and_a_summary_is_a_line() -> None:
    assert '<li style="list-style-type: none"><ol><li>close' in page("<ul><li><ol><li>close</li></ol></li></ul>")
    assert "<p>More</p>Open it." in page("<details><summary>More</summary>Open it.</details>")


def test_what_is_struck_through_is_marked() -> None:
    assert page("<p>Is <del>10 <b>Nm</b></del> <ins>14 Nm</ins>, <s>old</s>.</p>") == (
        "<p>Is <del>~~10 <b>Nm</b>~~</del> <ins>14 Nm</ins>, <s>~~old~~</s>.</p>"
    )


def test_formulas_that_a_page_says_for_eyes_too_are_said_once() -> None:
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>v</mi><mo>=</mo><mi>s</mi></math>'
    for inside in (
        f'<span class="katex"><span class="katex-mathml">{formula}</span><span aria-hidden="true">v=s</span></span>',
        f'<span class="MathJax"><nobr aria-hidden="true"><span>v=s</span></nobr><span>{formula}</span></span>',
        f'<span class="mwe"><span style="display: none;">{formula}</span><img aria-hidden="true" alt="v=s"></span>',
    ):
        said = " ".join("".join(etree.HTML(page(f"<p>So {inside} holds.</p>")).itertext()).split())
        assert said == "So v = s holds." and "display" not in page(inside)


def test_formulas_on_lines_of_their_own_stand_alone() -> None:
    html = page("<p>a</p><math display=block><mi>x</mi></math><math display=block><mi>y</mi></math>")
    assert [div.text for div in etree.HTML(html).iter("div")] == ["x", "y"]


@pytest.mark.parametrize(
    "body",
    [
        '<style>.t{display:table}.r{display:table-row} td, .c {display: table-cell; color: red}</style><div class="t">'
        '<div class="r"><div class="c">Voltage</div><div class="c">230 V</div></div><div class="r"><div class="c">Mass'
        '</div><div class="c">4 kg</div></div></div>',
        '<div role="table"><div role="rowgroup"><div role="row"><span role="cell">Voltage</span><span role="cell">230 V'
        '</span></div></div><div role="row"><span role="cell">Mass</span><span role="cell">4 kg</span></div></div>',
        '<div style="display:table"><p style="display:table-row"><span style="display:table-cell">Voltage</span><span '
        'style="display:table-cell">230 V</span></p><p style="display:table-row"><span style="display:table-cell">Mass'
        '</span><span style="display:table-cell">4 kg</span></p></div>',
    ],
)
def test_tables_by_style_or_role_are_tables(body: str) -> None:
    rows = [[" ".join("".join(c.itertext()).split()) for c in row] for row in etree.HTML(page(body)).iter("tr")]
    assert rows == [["Voltage", "230 V"], ["Mass", "4 kg"]]


def test_words_beside_cells_by_style_are_not_lost() -> None:
    html = page('<div style="display:table">Note<div style="display:table-row"><i>a</i></div></div>')
    assert "Note" in html and "<tr>" not in html


def test_blocks_stand_apart_and_what_no_browser_shows_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<html><body><h1>Pump</h1><noscript>Enable scripts.</noscript><dialog>Closed words</dialog><dialog open>Open "
        "words</dialog><form>Form words</form><details open><summary>Returns</summary>Thirty days.</details><p>End.</p>"
        "<h5>Small heading</h5><p>What stands below it goes on for a while here, as texts do.</p></body></html>"
    )
    document = parse_pdf(tmp_path / "a.html", tmp_path / "out", NO_OCR)
    text = next(chunk.text for chunk in document.chunks if chunk.kind == "page")
    assert "scripts" not in text and "Closed" not in text
    order = [text.index(said) for said in ("Open words", "Form words", "Returns", "Thirty days.", "End.")]
    assert order == sorted(order) and "wordsForm" not in text
    assert any(e.kind == "heading" and e.text == "Small heading" for e in document.elements)


def test_signs_of_notes_are_no_part_of_the_word_before() -> None:
    book = '<p xmlns:epub="http://www.idpf.org/2007/ops">wheel<a epub:type="noteref" href="#n">1</a></p>'
    root = etree.fromstring(book)
    assert blocks_of_html(root) == 1 and root[0].tag == "sup"
    assert (
        page('<p>yearly<sup><a href="#f">[1]</a></sup> done</p>')
        == '<p>yearly<span><a href="#f">[1]</a></span> done</p>'
    )


def test_a_caption_stands_below_its_picture(tmp_path: Path) -> None:
    shown = base64.b64encode(noise()).decode()
    (tmp_path / "a.html").write_text(
        f'<html><body><h1>Valve</h1><figure><img width="150" height="120" src="data:image/png;base64,{shown}"/>'
        "<figcaption>Figure 1. The valve</figcaption></figure></body></html>"
    )
    document = parse_pdf(tmp_path / "a.html", tmp_path / "out", NO_OCR)
    assert [e.caption for e in document.elements if e.kind == "figure"] == ["Figure 1. The valve"]


def test_links_for_the_editors_of_a_wiki_are_left_out() -> None:
    html = page(
        '<h1>Pump<span class="mw-editsection">[<a>edit</a>]</span></h1>'
        '<p><span class="mw-cite-backlink"><a>^</a></span> Handbook</p>'
    )
    assert html == "<h1>Pump</h1><p> Handbook</p>"


def test_pages_of_few_words_are_no_scans_beside_small_pictures(tmp_path: Path) -> None:
    shown = base64.b64encode(noise()).decode()
    (tmp_path / "a.html").write_text(
        f'<html><body><h1>Soil</h1><img width="150" height="90" src="data:image/png;base64,{shown}"/>'
        "<p>Fig. 1: A spade</p><p>Loam is sand and clay.<sup>1</sup></p></body></html>"
    )
    with Pdf(tmp_path / "a.html") as pdf:
        assert pdf.flows
    document = parse_pdf(tmp_path / "a.html", tmp_path / "out", ParseOptions(ocr="auto"))
    assert [e.caption for e in document.elements if e.kind == "figure"] == ["Fig. 1: A spade"]
    assert "Loam is sand and clay.¹" in [e.text for e in document.elements]


def test_a_table_that_places_others_is_read_cell_by_cell(tmp_path: Path) -> None:
    inner = "<table><tr><th>In A</th><th>In B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    outer = f"<table><tr><td>Outer left</td><td>{inner}</td><td>Outer right</td></tr></table>"
    (tmp_path / "a.html").write_text(f"<html><body><h1>Lists</h1>{outer}</body></html>")
    document = parse_pdf(tmp_path / "a.html", tmp_path / "out", NO_OCR)
    (table,) = [e for e in document.elements if e.kind == "table"]
    assert table.text.splitlines()[0] == "| In A | In B |"
    said = [e.text for e in document.elements if e.kind in ("text", "heading")]
    assert said.index("Outer left") < said.index("Outer right")
