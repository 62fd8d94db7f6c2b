"""The part of a cut-out that can be read in a small picture."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from ingestion.elements import BBox, Chunk, Region
from ingestion.formats.images import open_image
from rag.answering.evidence.excerpts import HIGH, WIDE, WINDOW, cut_part, excerpt_of, part_of, window
from rag.types import Citation, Evidence

PAGE = BBox(50, 50, 550, 750)
ROW = BBox(50, 600, 550, 612)


def piece(kind: str = "table", *regions: Region) -> Evidence:
    chunk = Chunk(id="c", doc="d", kind=kind, text="", regions=regions or (Region(3, PAGE),))  # type: ignore[arg-type]
    return Evidence(1, chunk, "a.pdf", "", None, None, (595.0, 842.0))


def cited(*boxes: BBox, page: int = 3) -> Citation:
    rows = tuple(Region(page, box) for box in boxes)
    return Citation(1, "d", 3, PAGE, "table", "", "", None, True, highlights=rows)


def test_of_a_table_over_a_page_the_cited_row_is_shown_from_its_left_end() -> None:
    shown = window(PAGE, ROW)
    assert (shown.x1 - shown.x0, shown.y1 - shown.y0) == WINDOW
    assert shown.x0 == PAGE.x0 and shown.y0 < ROW.y0 and shown.y1 > ROW.y1
    assert WIDE / WINDOW[0] > 1 and HIGH / WINDOW[1] > 1


@pytest.mark.parametrize("row", [BBox(540, 50, 550, 60), BBox(50, 740, 550, 750), BBox(50, 100, 550, 400)])
def test_a_window_stays_inside_and_begins_where_a_high_row_does(row: BBox) -> None:
    shown = window(PAGE, row)
    assert shown.x0 >= PAGE.x0 and shown.x1 <= PAGE.x1 and shown.y0 >= PAGE.y0 and shown.y1 <= PAGE.y1
    assert shown.y0 <= row.y0 <= shown.y1


def test_what_can_be_read_whole_or_has_no_one_place_stays_whole() -> None:
    assert excerpt_of(cited(ROW), piece()) is not None
    assert excerpt_of(cited(ROW), piece("text")) is not None
    small = BBox(50, 600, 180, 640)
    assert excerpt_of(cited(small), piece("table", Region(3, small))) is None
    assert excerpt_of(cited(ROW), piece("figure")) is None
    assert excerpt_of(cited(), piece()) is None
    assert excerpt_of(cited(ROW, page=4), piece()) is None
    over_pages = piece("table", Region(3, PAGE), Region(4, PAGE))
    assert excerpt_of(cited(ROW), over_pages) == excerpt_of(cited(ROW), piece())


def test_the_part_is_cut_out_with_the_row_on_yellow() -> None:
    picture = Image.new("RGB", (1000, 1400), "white")
    found = excerpt_of(cited(ROW), piece())
    assert found is not None and found.within is not None
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    part, *marks = (part_of(box, found.within) for box in (found.shown, *found.marks))
    with open_image(cut_part(buffer.getvalue(), part, tuple(marks))) as cut:
        assert cut.width == pytest.approx(1000 * WINDOW[0] / 508, abs=3)
        assert cut.height == pytest.approx(1400 * WINDOW[1] / 708, abs=3)
        assert cut.getpixel((cut.width // 2, cut.height // 2))[2] < 200  # type: ignore[index]
        assert min(cut.getpixel((cut.width // 2, 2))) > 240  # type: ignore[arg-type]


def test_a_part_without_width_is_still_a_picture() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40)).save(buffer, "PNG")
    assert cut_part(buffer.getvalue(), (500, 500, 500, 500), ((9, 9, 3, 3),))


def test_the_margin_of_a_cut_out_ends_at_the_page() -> None:
    edge = replace(piece(), page_size=(550.0, 750.0))
    found = excerpt_of(cited(ROW), edge)
    assert found is not None and found.within == BBox(46, 46, 550, 750)


def test_of_rows_the_topmost_is_shown_and_all_in_sight_are_marked_of_a_whole_table_its_beginning() -> None:
    below, far = BBox(50, 612, 550, 624), BBox(50, 700, 550, 712)
    found = excerpt_of(cited(far, below, ROW), piece())
    alone = excerpt_of(cited(ROW), piece())
    assert found is not None and alone is not None
    assert found.shown == alone.shown and len(found.marks) == 2
    rows = [BBox(50, top, 550, top + 12) for top in range(60, 740, 20)]
    whole = excerpt_of(cited(*rows), piece())
    assert whole is not None and whole.marks == () and whole.shown[:2] == (46, 46)


def test_of_a_passage_in_two_columns_the_cited_one_is_shown_and_kept() -> None:
    left, right = BBox(50, 50, 290, 700), BBox(310, 50, 550, 700)
    line = BBox(310, 400, 500, 412)
    both = piece("text", Region(3, left), Region(3, right))
    found = excerpt_of(cited(line), both)
    assert found is not None and found.shown.x0 >= 306 and found.marks == (line,)
    assert found.within is None  # a picture that was kept before may show the other column


def test_of_what_an_uploaded_picture_shows_a_kept_cut_out_is_not_windowed() -> None:
    found = excerpt_of(cited(ROW), replace(piece(), pictured=True))
    assert found is not None and found.within is None
