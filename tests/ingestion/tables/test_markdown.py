"""Tables as Markdown and back."""

from ingestion.tables.cells import cells_from_html
from ingestion.tables.markdown import cells_to_markdown, from_markdown, to_markdown

ROWS = [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2"]]


def test_markdown_round_trip_keeps_pipes_and_fills_short_rows() -> None:
    text = to_markdown(ROWS)
    assert text.splitlines()[1] == "| --- | --- |"
    assert from_markdown(text) == [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2", ""]]


def test_other_text_is_no_table() -> None:
    assert from_markdown("just words\nmore words") == []
    assert to_markdown([]) == ""


def test_dot_leaders_are_left_out() -> None:
    assert from_markdown(to_markdown([["Age", "Share"], ["All . . . . . .", "12 ....."]]))[1] == ["All", "12"]


def test_titles_and_notes_over_all_columns_stand_around_the_table() -> None:
    html = (
        '<table><tr><th colspan="2">Prices in euro</th></tr><tr><th>Good</th><th>Price</th></tr>'
        '<tr><td>Tea</td><td>3</td></tr><tr><td colspan="2">Source: own survey</td></tr></table>'
    )
    text = cells_to_markdown(cells_from_html(html))
    assert text.startswith("Prices in euro\n\n| Good | Price |") and text.endswith("| Tea | 3 |\n\nSource: own survey")
    assert from_markdown(text) == [["Good", "Price"], ["Tea", "3"]]
