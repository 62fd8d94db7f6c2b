"""Tables over page breaks, on literals."""

from collections.abc import Sequence

from ingestion.elements import BBox, Cell, Element, Region
from ingestion.tables.cells import cells_from_html
from ingestion.tables.continuation import join_continued, link_continued_tables, same_header
from ingestion.tables.markdown import cells_to_markdown, from_markdown

HEADER = ("Code", "Meaning", "Price")


def cells(
    rows: Sequence[tuple[str, ...]], left: float = 60.0, widths: tuple[float, ...] = (80, 200, 100)
) -> tuple[Cell, ...]:
    edges = [left + sum(widths[:i]) for i in range(len(widths) + 1)]
    return tuple(
        Cell(r, c, text, 1, 1, r == 0, BBox(edges[c], 100 + 14 * r, edges[c + 1], 114 + 14 * r))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )


def table(page: int, held: tuple[Cell, ...], order: int = 0, top: float = 100, caption: str = "") -> Element:
    region = Region(page, BBox(60, top, 440, top + 200))
    return Element("table", region, cells_to_markdown(held), caption, order=order, cells=held)


def text(page: int, top: float, words: str, order: int) -> Element:
    return Element("text", Region(page, BBox(60, top, 440, top + 20)), words, order=order)


FIRST = table(1, cells([HEADER, ("E1", "Pump", "12"), ("E2", "Valve", "9")]), 3, 500, "Table 2: Codes")


def links(*elements: Element) -> list[int | None]:
    return [e.continues for e in link_continued_tables(elements) if e.kind == "table"]


def test_a_repeated_header_continues_a_table_and_gives_it_the_caption() -> None:
    further = table(2, cells([HEADER, ("E3", "Boiler", "40")]))
    linked = link_continued_tables([FIRST, text(1, 720, "Prices without tax.", 4), further])
    assert linked[-1].continues == 3 and linked[-1].caption == "Table 2: Codes"


def test_a_table_at_the_head_of_the_next_page_with_the_same_columns_continues() -> None:
    further = cells([("E3", "Boiler", "40"), ("E4", "Tank", "31")], left=72)
    assert links(FIRST, table(2, further)) == [None, 3]
    assert links(FIRST, text(1, 720, "1) without tax", 4), table(2, further)) == [None, 3]


def test_other_columns_other_content_or_an_own_caption_part_tables() -> None:
    further = cells([("E3", "Boiler", "40"), ("E4", "Tank", "31")])
    assert links(FIRST, table(2, cells([("E3", "Boiler", "40"), ("E4", "T", "3")], widths=(180, 80, 120)))) == [
        None,
        None,
    ]
    assert links(FIRST, text(1, 720, "The next chapter names parts.", 4), table(2, further)) == [None, None]
    assert links(FIRST, text(2, 60, "The next chapter names parts.", 0), table(2, further, 1)) == [None, None]
    assert links(FIRST, table(2, further, caption="Table 3: Parts")) == [None, None]
    assert links(FIRST, table(3, further)) == [None, None]


def test_a_caption_that_says_so_continues_a_table() -> None:
    further = table(2, cells([HEADER, ("E3", "Boiler", "40")]), caption="Table 2 (continued)")
    assert links(FIRST, further) == [None, 3]


def test_rows_are_added_without_the_repeated_header() -> None:
    joined = join_continued(FIRST.text, cells([HEADER, ("E3", "Boiler", "40")]))
    assert from_markdown(joined) == [list(HEADER), ["E1", "Pump", "12"], ["E2", "Valve", "9"], ["E3", "Boiler", "40"]]


def test_a_continuation_without_header_loses_no_row_and_keeps_notes_last() -> None:
    first = cells_from_html(
        "<table><tr><th>Code</th><th>Price</th></tr><tr><td>E1</td><td>12</td></tr>"
        '<tr><td colspan="2">Note: in euro</td></tr></table>'
    )
    further = cells_from_html("<table><tr><th>E2</th><th>9</th></tr><tr><td>E3</td><td>40</td></tr></table>")
    joined = join_continued(cells_to_markdown(first), further)
    assert from_markdown(joined) == [["Code", "Price"], ["E1", "12"], ["E2", "9"], ["E3", "40"]]
    assert joined.endswith("Note: in euro")


def test_continued_tables_repeat_their_header() -> None:
    assert same_header([["Code", "Meaning"], ["1", "a"]], [["CODE", " meaning"], ["9", "z"]])
    assert not same_header([["Code", "Meaning"]], [["Code", "Remedy"]])
    assert not same_header([["Only"]], [["Only"]])
    assert not same_header([], [["Code", "Meaning"]])


def test_a_continuation_whose_first_columns_are_empty_keeps_the_places_of_the_others() -> None:
    further = tuple(
        c._replace(column=c.column - 1) for c in cells([("", "Boiler", "40"), ("", "Tank", "31")]) if c.column
    )
    running = [Element("heading", Region(n, BBox(60, 30, 440, 50)), "Price list", order=9) for n in (1, 2)]
    linked = link_continued_tables([running[0], FIRST, running[1], table(2, further)])
    assert linked[-1].continues == 3
    assert from_markdown(join_continued(FIRST.text, linked[-1].cells))[-1] == ["", "Tank", "31"]


def test_a_cell_that_a_page_breaks_goes_on_in_its_row() -> None:
    first = table(1, cells([HEADER, ("E1", "Pump", "12"), ("E2", "Close the valve and open the", "9")]), 3, 500)
    glued = table(2, cells([("Code", "Meaning vent by one turn.", "Price"), ("E3", "Boiler", "40")]))
    apart = table(2, cells([HEADER, ("", "vent by one turn.", ""), ("E3", "Boiler", "40")]))
    for further in (glued, apart):
        linked = link_continued_tables([first, further])[-1]
        assert linked.continues == 3
        assert from_markdown(linked.text)[:2] == [list(HEADER), ["", "vent by one turn.", ""]]
        assert from_markdown(join_continued(first.text, linked.cells))[2:] == [
            ["E2", "Close the valve and open the vent by one turn.", "9"],
            ["E3", "Boiler", "40"],
        ]


def test_a_group_that_goes_on_over_a_page_keeps_its_rows() -> None:
    first = table(1, cells([HEADER, ("E1", "Pump", "12"), ("E2", "Valve", "9")]), 3, 500)
    further = table(2, cells([HEADER, ("", "Seal", "4"), ("E3", "Boiler", "40")]))
    assert ["", "Seal", "4"] in from_markdown(join_continued(first.text, further.cells))


def test_longer_names_are_another_header() -> None:
    further = table(2, cells([("Codes", "Meaning", "Price"), ("E3", "Boiler", "40")]))
    assert link_continued_tables([FIRST, further])[-1].cells == further.cells


def test_a_section_goes_on_over_the_page() -> None:
    rows = [HEADER, ("Mixer", "", ""), ("E1", "Pump", "12"), ("E2", "Valve", "9")]
    held = tuple(c._replace(heads=2 if c.text == "Mixer" else 0) for c in cells(rows) if c.text)
    further = table(2, cells([HEADER, ("E3", "Boiler", "40"), ("Total", "", "61")]))
    linked = link_continued_tables([table(1, held, 3, 500), further])[-1]
    assert [row[0] for row in from_markdown(linked.text)] == ["Code", "Mixer / E3", "Total"]
    assert [row[0] for row in from_markdown(join_continued(table(1, held).text, linked.cells))][-2:] == [
        "Mixer / E3",
        "Total",
    ]


def test_a_label_over_rows_that_the_page_breaks_is_said_on_both_pages() -> None:
    first = [
        c._replace(rows=2) if (c.row, c.column) == (1, 0) else c
        for c in cells([HEADER, ("E", "a", "1"), ("", "b", "2")])
    ]
    first = [c for c in first if (c.row, c.column) != (2, 0)]
    further = [
        c._replace(rows=2) if (c.row, c.column) == (1, 0) else c
        for c in cells([HEADER, ("", "c", "3"), ("", "d", "4")])
    ]
    further = [c for c in further if (c.row, c.column) != (2, 0)]
    linked = link_continued_tables([table(1, tuple(first), 3, 500), table(2, tuple(further))])[-1]
    assert from_markdown(linked.text)[1:] == [["E", "c", "3"], ["E", "d", "4"]]
    own = list(cells([HEADER, ("", "c", "3"), ("", "d", "4")]))  # empty cells of their own
    assert (
        from_markdown(link_continued_tables([table(1, tuple(first), 3, 500), table(2, tuple(own))])[-1].text)[1][0]
        == ""
    )


def test_columns_further_to_the_right_are_no_rows_of_the_table_before() -> None:
    left = table(1, cells([("Span", "1 kN", "2 kN"), ("2", "21", "22")]), 3, 500, "Table 5: Loads")
    right = cells([("Span", "3 kN", "4 kN"), ("2", "23", "24")])
    assert links(left, table(2, right)) == [None, None]
    assert links(left, table(2, right, caption="Table 5: Loads (continued)")) == [None, None]
