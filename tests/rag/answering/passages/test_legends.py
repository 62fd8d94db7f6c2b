"""Legends and lists of parts: each entry is a fact of its own."""

from made_evidence import piece, quote_answer

from rag.answering.passages.legends import entries_parted

PARTS = "16 Hose clip\n17 Outlet valve 18 Float switch\n19 Housing screw\nM4 x 20\n\n20 Cable gland"


def test_entries_stand_apart_also_where_two_share_a_line_or_one_has_two() -> None:
    entries = [part for part in entries_parted(PARTS).split("\n\n") if part.strip()]
    assert [entry.strip() for entry in entries] == [
        "16 Hose clip", "17 Outlet valve", "18 Float switch", "19 Housing screw M4 x 20", "20 Cable gland"
    ]  # fmt: skip


def test_numbers_in_running_text_make_no_legend() -> None:
    text = (
        "Wait for\n3 minutes, then for\n4 hours while the glue, which should be mixed with\n5 parts of water, hardens."
    )
    assert entries_parted(text) == text
    assert entries_parted("Items\n7 Lid\n9 Base") == "Items\n7 Lid\n9 Base"


def test_one_entry_is_quoted_not_the_whole_list() -> None:
    said = quote_answer("Which number is the float switch?", (piece(1, PARTS),))
    assert said.startswith("18 Float switch [1]")


def test_the_number_of_a_part_is_quoted_before_the_figure_that_shows_it() -> None:
    legend = "№ 17: Outlet valve (→ 9)\n№ 18: Float switch (→ 9)\n№ 19: Housing (→ 9)"
    figure = piece(1, "o\n3\n17\n9 8\nö\n18", "figure", "Exploded view and parts list", "", legend, page=8)
    text = quote_answer("Which part number is the float switch?", (figure,))
    assert text.split("\n")[0].startswith("- № 18: Float switch")
    assert "17\u2002" not in text and "9 8" not in text  # misread numbers are not words of the figure
