"""Elements to chunks, on literals."""

from ingestion.captions.mentions import find_mentions
from ingestion.chunk import build_chunks
from ingestion.elements import BBox, Element, Page, Region
from ingestion.tables.cells import cells_from_html
from ingestion.tables.markdown import from_markdown

PAGES = [Page(1, 600, 800, 0, "pages/0001.webp"), Page(2, 600, 800, 0, "pages/0002.webp")]
LONG = (
    "The pump runs dry when the tank is empty and the float switch does not open in time, so check both of them first."
)


def element(kind: str, page: int, top: float, text: str, order: int, **more: object) -> Element:
    return Element(kind, Region(page, BBox(50, top, 550, top + 30)), text, order=order, **more)  # type: ignore[arg-type]


def test_one_chunk_a_passage_and_one_a_page() -> None:
    elements = [element("text", 1, 100, LONG, 0), element("text", 1, 140, LONG.upper(), 1)]
    chunks = build_chunks("d", PAGES, elements, {1: "all words", 2: ""})
    assert [(c.kind, c.page) for c in chunks] == [("text", 1), ("text", 1), ("page", 1), ("page", 2)]
    assert chunks[2].text == "all words"
    assert chunks[2].bbox == BBox(0, 0, 600, 800)


def test_short_neighbours_are_joined_with_a_box_around_both() -> None:
    elements = [element("text", 1, 100, "Warning", 0), element("text", 1, 135, LONG, 1)]
    passage = build_chunks("d", PAGES, elements, {})[0]
    assert passage.text == f"Warning\n{LONG}"
    assert passage.bbox == BBox(50, 100, 550, 165)


def test_a_linked_caption_is_not_a_passage_of_its_own() -> None:
    caption = "Figure 1: Exploded view"
    elements = [
        element("figure", 1, 100, "A B", 0, caption=caption, image="crops/1.webp"),
        element("caption", 1, 140, caption, 1),
    ]
    chunks = build_chunks("d", PAGES, elements, {})
    assert [c.kind for c in chunks] == ["figure", "page", "page"]
    assert chunks[0].image == "crops/1.webp"


def test_a_heading_nothing_follows_is_kept() -> None:
    chunks = build_chunks("d", PAGES, [element("heading", 1, 100, "Thank you", 0)], {})
    assert [c.text for c in chunks if c.kind == "text"] == ["Thank you"]


def test_ids_are_stable_and_differ_for_equal_passages() -> None:
    elements = [element("text", 1, 100, LONG, 0), element("text", 1, 300, LONG, 1)]
    first, second = build_chunks("d", PAGES, elements, {}), build_chunks("d", PAGES, elements, {})
    assert [c.id for c in first] == [c.id for c in second]
    assert len({c.id for c in first}) == len(first)
    assert first[0].id != build_chunks("other", PAGES, elements, {})[0].id


def test_a_table_over_two_pages_is_one_chunk_with_two_regions() -> None:
    header = "| Code | Meaning |\n| --- | --- |\n"
    further = cells_from_html("<table><tr><th>Code</th><th>Meaning</th></tr><tr><td>E2</td><td>Valve</td></tr></table>")
    elements = [
        element("table", 1, 600, header + "| E1 | Pump |", 0, caption="Table 2: Codes"),
        element("table", 2, 50, "", 0, caption="Table 2: Codes", continues=0, cells=further),
    ]
    tables = [c for c in build_chunks("d", PAGES, elements, {}) if c.kind == "table"]
    assert len(tables) == 1
    assert [r.page for r in tables[0].regions] == [1, 2]
    assert from_markdown(tables[0].text) == [["Code", "Meaning"], ["E1", "Pump"], ["E2", "Valve"]]


def test_mentions_reach_their_figure_also_from_another_page_and_in_ranges() -> None:
    elements = [
        element("figure", 1, 100, "", 0, caption="Figure 3: Pump"),
        element("figure", 1, 200, "", 1, caption="Figure 4: Valve"),
        element("text", 2, 100, "Open the lid. The gasket is shown in Figures 3-4. Close it.", 0),
    ]
    mentions = find_mentions(elements)
    assert mentions == {
        (1, 0): "The gasket is shown in Figures 3-4.",
        (1, 1): "The gasket is shown in Figures 3-4.",
    }


def test_a_number_used_twice_means_the_nearest_figure() -> None:
    elements = [
        element("figure", 1, 100, "", 0, caption="Figure 1: First article"),
        element("figure", 9, 100, "", 0, caption="Figure 1: Second article"),
        element("text", 8, 100, "See Figure 1.", 0),
    ]
    assert list(find_mentions(elements)) == [(9, 0)]


def test_a_sentence_over_a_page_break_is_whole_where_it_begins() -> None:
    low, high = BBox(50, 700, 500, 740), BBox(50, 60, 500, 100)
    footer, header = BBox(50, 780, 200, 790), BBox(50, 20, 200, 30)
    elements = [
        Element("text", Region(1, low), "Check the oil. Then close the lower drain", heading="Care", order=0),
        Element("text", Region(1, footer), "Pump 12", order=1),
        Element("text", Region(2, header), "Operating manual", order=0),
        Element("text", Region(2, high), "valve by hand. Then start the pump.", heading="Care", order=1),
    ]
    pages = [Page(n, 595, 842, 0) for n in (1, 2)]
    texts = [c for c in build_chunks("d", pages, elements, {}) if c.kind == "text"]
    assert [(c.text, [r.page for r in c.regions]) for c in texts] == [
        ("Check the oil. Then close the lower drain valve by hand.", [1, 2]),
        ("Pump 12", [1]),
        ("Operating manual", [2]),
        ("Then start the pump.", [2]),
    ]


def test_a_sentence_does_not_go_on_under_another_heading() -> None:
    elements = [
        Element("text", Region(1, BBox(50, 700, 500, 740)), "Then close the lower drain", heading="Care"),
        Element("text", Region(2, BBox(50, 60, 500, 100)), "valve by hand.", heading="Storage"),
    ]
    pages = [Page(n, 595, 842, 0) for n in (1, 2)]
    assert [c.text for c in build_chunks("d", pages, elements, {}) if c.kind == "text"] == [
        "Then close the lower drain",
        "valve by hand.",
    ]
