"""A front page that layout takes for one table, on literals."""

from dataclasses import replace

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.layout.region_kinds import parts_of

PHOTOS = (BBox(210, 200, 390, 300), BBox(410, 120, 580, 240))


def column(name: str, x: float, y: float, rows: int, initial: bool = False) -> list[Line]:
    lines = [Line(f"{name} {n}", BBox(x, y + 12 * n, x + 170, y + 10 + 12 * n)) for n in range(rows)]
    if initial:  # as high as two lines, joined to the first
        lines[0] = replace(lines[0], bbox=lines[0].bbox._replace(y1=y + 22))
    return lines


TITLE = Line("Bridge opened after nine years", BBox(20, 120, 390, 160))
SIDE = Line("Trams stop early", BBox(410, 250, 580, 268))
LINES = [  # in the file: texts, then titles
    *column("left", 20, 200, 14, initial=True),
    *column("right", 410, 280, 12),
    *column("middle", 210, 310, 6),
    *column("foot", 20, 400, 3),
    SIDE,
    TITLE,
]
PAGE = RawPage(600, 480, (), tuple(LINES), PHOTOS, ())
REGION = LayoutBox("table", BBox(10, 10, 590, 470), tuple(LINES))


def test_a_front_page_is_its_articles_column_by_column() -> None:
    found = parts_of(REGION, PAGE)
    assert [(box.label, box.lines[0].text, len(box.lines)) for box in found] == [
        ("section-header", "Bridge opened after nine years", 1),
        ("text", "left 0", 14),
        ("text", "middle 0", 6),
        ("text", "foot 0", 3),
        ("section-header", "Trams stop early", 1),
        ("text", "right 0", 12),
    ]


def test_a_table_with_pictures_or_with_a_title_stays() -> None:
    for page in (
        replace(PAGE, photos=PHOTOS[:1]),
        replace(PAGE, lines=tuple(line for line in LINES if line is not TITLE)),
        replace(PAGE, height=1200.0),  # a part of the page
    ):
        assert parts_of(REGION, page) == [REGION]
