"""What was recognised is what the page says afterwards, letter by letter, in any script and direction."""

from __future__ import annotations

import io
import json
from pathlib import Path

import make_texts as make
import pymupdf
import pytest
from make_pdfs import save

from ingestion.blocks import Line
from ingestion.elements import BBox, lines_file
from ingestion.ocr import engine
from ingestion.parse import parse_pdf
from ingestion.pdf.document import Pdf
from ingestion.text.cleaning import clean

SAID = [
    "Die Ölstandsprüfung: größte Vorsicht, Füße weg, Maß ½″ bei −5 °C ± 2 %",
    "Où est la clé à molette ? Ça dépend : l’œillet, la façade, le nœud, 20 €",
    "¿Cuántos años? El señor pequeño llenó la cañería; ¡atención!",
    "Źródło ciepła: łożysko, ściągacz, gęś, ćma, żuraw, ńandu",
    "Şişe ağzı, ılık sıvı, çığ, İstanbul, göğüs",
    "Příliš žluťoučký kůň úpěl ďábelské ódy; šroub č. 7, řízení",
    "Înălțimea țevii și așezarea plăcii după ştergere",
    "Ångström, Ærø, Øresund, smörgås, Þór",
    "3 m³/h, 12 m², 47 kΩ, 2.2 µF, ≤ 5 ‰, ≥ 8 µm, Ø 12 mm, √2, 5 × 10⁻⁶",
    "循環ポンプ A-17 は 3.5 m³/h、Ø 20",
    "Насос подаёт воду",
    "𝛼 = 3 𠀀",
]


def _empty(folder: Path) -> Path:
    doc = pymupdf.open()
    doc.new_page(width=600, height=800).insert_text((60, 60), "A native line stays as it is")
    return save(doc, folder / "empty.pdf")


def _lines() -> list[Line]:
    level = [Line(text, BBox(60, 100 + 24 * i, 60 + 6 * len(text), 116 + 24 * i)) for i, text in enumerate(SAID)]
    return [*level, Line("größer als 5 ‰", BBox(520, 300, 536, 500), quarters=1)]


def test_lines_that_were_laid_in_come_back_letter_by_letter(tmp_path: Path) -> None:
    with Pdf(_empty(tmp_path)) as pdf:
        page, laid = pdf.page(1), _lines()
        page.hide_text(laid[:5])
        page.hide_text(laid[5:])
        native, *given = page.lines()
        assert native.text == "A native line stays as it is"
        assert [(line.text, line.bbox, line.quarters) for line in given] == [
            (clean(line.text), line.bbox, line.quarters) for line in laid
        ]
        assert [word.text for word in page.words][7:] == " ".join(line.text for line in laid).split()
        assert all(line.hidden for line in given)


def test_words_stand_within_the_box_of_their_line(tmp_path: Path) -> None:
    with Pdf(_empty(tmp_path)) as pdf:
        page, laid = pdf.page(1), _lines()
        page.hide_text(laid)
        boxes = [word.bbox for word in page.words if word.text == "größer"]
        assert len(boxes) == 1 and boxes[0].x0 > 519 and boxes[0].y1 == pytest.approx(500, abs=1)
        (last,) = [word.bbox for word in page.words if word.text == "10⁻⁶"]
        assert last.x1 == pytest.approx(laid[8].bbox.x1, abs=1)


def test_lines_go_with_the_page_when_it_is_turned_and_with_the_text_that_is_dropped(tmp_path: Path) -> None:
    with Pdf(_empty(tmp_path)) as pdf:
        page = pdf.page(1)
        page.hide_text([Line("größte", BBox(100, 200, 160, 212)), Line("Maß", BBox(100, 300, 130, 312))])
        page.drop_text([BBox(90, 290, 200, 320)])
        assert [line.text for line in page.lines()] == ["A native line stays as it is", "größte"]
        page.turn(1)
        assert page.lines()[-1].bbox == BBox(588, 100, 600, 160) and page.lines()[-1].quarters == 3
        (word,) = [word for word in page.words if word.text == "größte"]
        assert word.bbox.x0 > 587 and word.bbox.y1 == pytest.approx(160, abs=1)


def test_what_the_engine_said_of_a_scan_is_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = make.html_page(tmp_path, "<br>".join(SAID[:9]))
    with pymupdf.open(source) as printed:
        picture = printed[0].get_pixmap(dpi=200).tobytes("png")
    doc = pymupdf.open()
    doc.new_page().insert_image(pymupdf.Rect(0, 0, 595, 842), stream=io.BytesIO(picture))
    heard: list[str] = []
    real = engine.read

    def read(image):  # type: ignore[no-untyped-def]
        found = real(image)
        heard.extend(clean(line.text) for line in found)
        return found

    monkeypatch.setattr(engine, "read", read)
    document = parse_pdf(save(doc, tmp_path / "scan.pdf"), tmp_path / "out")
    lines = json.loads((tmp_path / "out" / lines_file(1)).read_text(encoding="utf-8"))
    assert sorted(line[0] for line in lines) == sorted(heard)
    said = " ".join(" ".join(e.text.split()) for e in document.elements)
    for word in ("größte", "façade", "señor", "łożysko", "Şişe", "řízení", "m³/h", "kΩ"):
        assert word in said, word
