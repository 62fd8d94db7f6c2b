"""The sentences that name a figure or table, on literals."""

import pytest

from ingestion.captions.mentions import (
    MAX_MENTION_CHARS,
    find_mentions,
    labels_named,
    shorten,
    without_labels,
)
from ingestion.elements import BBox, Element, Region
from ingestion.text.caption_labels import CaptionLabel

KNOWN = [*(CaptionLabel("figure", str(n)) for n in range(1, 9)), *(CaptionLabel("table", str(n)) for n in range(1, 10))]


def element(kind: str, page: int, text: str, order: int, caption: str = "") -> Element:
    return Element(kind, Region(page, BBox(50, 100, 550, 130)), text, caption, order=order)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("as Figs. 3 and 4 show", "3 4"),
        ("Figures 3–5", "3 4 5"),
        ("see Figure 3(b)", "3"),
        ("Figure 3b", "3"),
        ("Figures 2, 3, and 7", "2 3 7"),
        ("Figures 1 to 3", "1 2 3"),
        ("Figures 3(a) to 3(c)", "3"),
        ("Fig. 2 und 3", "2 3"),
        ("(Abb. 2)", "2"),
        ("図3と図4に示す", "3 4"),
        ("Рис. 3", "3"),
        ("a 2. ábra", "2"),
        ("Figure 2, 3 people", "2"),
        ("configuration 3", ""),
        ("Chart 3", ""),
    ],
)
def test_figures_that_prose_names(text: str, numbers: str) -> None:
    assert [label.number for label in labels_named(text, KNOWN)] == numbers.split()


def test_tables_named_by_a_range() -> None:
    assert list(labels_named("Tables 8-9", KNOWN)) == [CaptionLabel("table", "8"), CaptionLabel("table", "9")]


def test_a_known_label_with_a_hyphen_is_no_range() -> None:
    known = [*KNOWN, CaptionLabel("figure", "3-5")]
    assert list(labels_named("Figures 3-5", known)) == [CaptionLabel("figure", "3-5")]


def test_a_long_sentence_is_shortened_around_the_mention() -> None:
    long = "pump " * 100 + "Figure 3 shows it " + "valve " * 100
    short = shorten(long, long.index("Figure"))
    assert "Figure 3 shows it" in short
    assert len(short) <= MAX_MENTION_CHARS + 2
    assert short.startswith("… pump") and short.endswith("valve …")


def test_a_sentence_over_a_page_break_is_mended() -> None:
    elements = [
        element("figure", 1, "", 0, "Figure 3: Pump"),
        element("text", 1, "First. The gasket of Figure 3 must", 1),
        element("text", 2, "be dry. Then close it.", 0),
    ]
    assert find_mentions(elements) == {(1, 0): "The gasket of Figure 3 must be dry."}


def test_prose_counts_more_than_another_caption_and_the_own_caption_nothing() -> None:
    elements = [
        element("figure", 1, "", 0, "Figure 3: Pump"),
        element("caption", 1, "Figure 3: Pump", 1),
        element("figure", 1, "", 2, "Figure 4: Valve of Figure 3"),
        element("caption", 1, "Figure 4: Valve of Figure 3", 3),
        *(element("text", page, f"On page {page} is a word about Figure 3.", 0) for page in (2, 3)),
    ]
    assert find_mentions(elements)[1, 0].split("\n") == [
        "On page 2 is a word about Figure 3.",
        "On page 3 is a word about Figure 3.",
        "Figure 4: Valve of Figure 3",
    ]


def test_near_pages_come_before_far_ones() -> None:
    elements = [
        element("figure", 10, "", 0, "Figure 3: Pump"),
        *(element("text", page, f"Page {page} names Figure 3.", 0) for page in (1, 2, 9, 11, 12)),
    ]
    found = find_mentions(sorted(elements, key=lambda e: e.region.page))
    assert found[10, 0].split("\n") == ["Page 9 names Figure 3.", "Page 11 names Figure 3.", "Page 12 names Figure 3."]


def test_both_figures_of_a_common_caption_are_meant_by_either_number() -> None:
    elements = [element("figure", 1, "", 0, "Figures 3 and 4: Pump"), element("text", 1, "It is in Figure 4.", 1)]
    assert find_mentions(elements) == {(1, 0): "It is in Figure 4."}


def test_scraps_come_last_and_parts_of_a_sentence_are_left_out() -> None:
    elements = [
        element("figure", 1, "", 0, "Figure 3: Pump"),
        element("text", 1, "Figure 3; Appendix A", 1),
        element("text", 1, "The gasket is shown in Figure 3 from above.", 2),
        element("text", 1, "shown in Figure 3 from above.", 3),
    ]
    assert find_mentions(elements)[1, 0].split("\n") == [
        "The gasket is shown in Figure 3 from above.",
        "Figure 3; Appendix A",
    ]


@pytest.mark.parametrize(
    ("sentence", "bare"),
    [
        ("Open the flap (see Figure 3) and wait.", "Open the flap and wait."),
        ("As shown in Fig. 4 (b), it turns.", "As shown in, it turns."),
        ("Tables 3 and 4 list the codes.", "list the codes."),
        ("Nothing is named here.", "Nothing is named here."),
    ],
)
def test_a_sentence_without_the_labels_it_names(sentence: str, bare: str) -> None:
    assert without_labels(sentence) == bare
