"""Labels of captions in many languages, and what only looks like one."""

import pytest

from ingestion.captions.mentions import PLURALS, _series
from ingestion.text.caption_labels import (
    CaptionLabel,
    caption_label,
    caption_labels,
    is_continued,
    is_note,
    is_sublabel,
    without_label,
)


@pytest.mark.parametrize(
    ("text", "series", "number"),
    [
        ("Figure 3: Pump assembly", "figure", "3"),
        ("Fig. 3-8. Wiring", "figure", "3-8"),
        ("Fig. 3–8. Wiring", "figure", "3-8"),
        ("FIGURE 12 The boiler", "figure", "12"),
        ("FIG . 2 .", "figure", "2"),
        ("Figure 3 (continued)", "figure", "3"),
        ("Figure 3(b) Valve", "figure", "3"),
        ("Figure ES-1. Summary", "figure", "ES-1"),
        ("[Figure 3] Valve", "figure", "3"),
        ("Table B.1 — Torque", "table", "B.1"),
        ("TABLE IV", "table", "IV"),
        ("Table S1: Samples", "table", "S1"),
        ("Chart 2. Sales", "chart", "2"),
        ("Exhibit 7: Revenue", "exhibit", "7"),
        ("Plate 3", "plate", "3"),
        ("Map 1: City", "map", "1"),
        ("Box 2 Rules of the house", "box", "2"),
        ("Algorithm 1 Tree search", "algorithm", "1"),
        ("Abbildung 2: Schaltplan", "figure", "2"),
        ("(Abb. 2) Pumpe", "figure", "2"),
        ("Tabelle 4. Werte", "table", "4"),
        ("Tableau 2 : Valeurs", "table", "2"),
        ("Figura 2. Bomba", "figure", "2"),
        ("Cuadro 3. Datos", "table", "3"),
        ("Gráfico 1 – Vendas", "chart", "1"),
        ("Tabella 5. Valori", "table", "5"),
        ("Afbeelding 6: Pomp", "figure", "6"),
        ("Figur 3. Pumpen", "figure", "3"),
        ("Tabell 1 Värden", "table", "1"),
        ("Rys. 3. Schemat", "figure", "3"),
        ("Obr. 2: Čerpadlo", "figure", "2"),
        ("3. ábra: Szivattyú", "figure", "3"),
        ("2. táblázat Értékek", "table", "2"),
        ("Şekil 3. Pompa", "figure", "3"),
        ("Tablo 2: Değerler", "table", "2"),
        ("Рис. 1. Схема", "figure", "1"),
        ("Таблица 2 – Значения", "table", "2"),
        ("Σχήμα 4: Αντλία", "figure", "4"),
        ("Πίνακας 1. Τιμές", "table", "1"),
        ("Hình 2. Máy bơm", "figure", "2"),
        ("图１ 系统", "figure", "1"),
        ("表 3：误差", "table", "3"),
        ("第3図 構成", "figure", "3"),
        ("〈그림 3〉 구조", "figure", "3"),
        ("شكل ٣: مضخة", "figure", "3"),
        ("טבלה 2. ערכים", "table", "2"),
        ("चित्र 1: पंप", "figure", "1"),
    ],
)
def test_caption_labels(text: str, series: str, number: str) -> None:
    assert caption_label(text) == CaptionLabel(series, number)


@pytest.mark.parametrize(
    "text",
    [
        "Figure 3 shows the pump",
        "Figure 3 (left) shows the pump",
        "Figure 3, seen from above",
        "Figure 3’s pump",
        "Table 2 lists all codes",
        "Tables 2.3 and 2.4 show the codes",
        "table 3. The results",
        "The figure 3: no",
        "Figures are",
        "Chart of accounts",
        "Map 1 of the city",
        "Table of contents",
        "Tablet A",
        "Panel A: Means",
        "Table A Big Deal",
        "Figure 1.1 Pump ........ 12",
        "图1显示了系统",
        "図3は構成を示す",
        "그림 2는 구조를",
        "Abbildung 2 zeigt die Pumpe",
        "",
    ],
)
def test_sentences_and_list_entries_are_not_captions(text: str) -> None:
    assert caption_label(text) is None


def test_an_undecided_form_is_a_caption_where_layout_says_so() -> None:
    assert caption_label("Figure 3 pump assembly") is None
    assert caption_label("Figure 3 pump assembly", classed=True) == CaptionLabel("figure", "3")
    assert caption_label("Figure 3 shows the pump", classed=True) is None


def test_one_caption_can_stand_for_two_figures() -> None:
    assert [label.number for label in caption_labels("Figures 3 and 4: Two views")] == ["3", "4"]


def test_a_chart_is_counted_apart_from_figures_and_an_exhibit_stands_over_anything() -> None:
    chart, exhibit = caption_label("Chart 2. Sales"), caption_label("Exhibit 2. Sales")
    assert chart is not None and exhibit is not None
    assert (chart.family, exhibit.family) == ("figure", "any")
    assert chart != caption_label("Figure 2. Sales")


@pytest.mark.parametrize(
    "text", ["Source: survey", "Note. N = 20", "Quelle: Amt", "© The author", "出典：総務省", "Photo by A. B."]
)
def test_source_and_note_lines(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize("text", ["Sources of error", "Not only this", "Data flow: pump", "Photography in colour"])
def test_prose_is_no_note(text: str) -> None:
    assert not is_note(text)


def test_labels_of_parts() -> None:
    assert is_sublabel("(a)") and is_sublabel("b) front view") and is_sublabel("(c) side view")
    assert not is_sublabel("a pump") and not is_sublabel("(see page 4)")


def test_continued_captions() -> None:
    assert is_continued("Table 2 (continued)") and is_continued("Tabelle 2 (Fortsetzung)")
    assert not is_continued("Table 2: Continental shelf")


@pytest.mark.parametrize("word", PLURALS.split("|"))
def test_every_plural_belongs_to_a_series(word: str) -> None:
    assert _series(word)


@pytest.mark.parametrize(
    ("caption", "rest"),
    [
        ("Fig. 3-8: Drain pump", "Drain pump"),
        ("TABLE IV", ""),
        ("Figure 2. The motor of 2018", "The motor of 2018"),
        ("図 3 排水ポンプ", "排水ポンプ"),
        ("Drain pump, seen from below", "Drain pump, seen from below"),
    ],
)
def test_what_a_caption_says_beside_its_label(caption: str, rest: str) -> None:
    assert without_label(caption) == rest
