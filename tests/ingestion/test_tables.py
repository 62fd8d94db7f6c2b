from ingestion.tables import from_markdown, looks_like_contents, same_header, to_markdown

ROWS = [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2"]]


def test_markdown_round_trip_keeps_pipes_and_fills_short_rows() -> None:
    text = to_markdown(ROWS)
    assert text.splitlines()[1] == "| --- | --- |"
    assert from_markdown(text) == [["Code", "Meaning"], ["E1", "Pump | valve"], ["E2", ""]]


def test_other_text_is_no_table() -> None:
    assert from_markdown("just words\nmore words") == []
    assert to_markdown([]) == ""


def test_continued_tables_repeat_their_header() -> None:
    assert same_header([["Code", "Meaning"], ["1", "a"]], [["CODE", " meaning"], ["9", "z"]])
    assert not same_header([["Code", "Meaning"]], [["Code", "Remedy"]])
    assert not same_header([["Only"]], [["Only"]])
    assert not same_header([], [["Code", "Meaning"]])


def test_dot_leaders_are_a_list_of_contents() -> None:
    assert looks_like_contents([["1 Safety ......... 3"], ["2 Parts ......... 9"]])
    assert not looks_like_contents(ROWS)
