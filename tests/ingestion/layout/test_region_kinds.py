"""What regions of layout are, on literals."""

from ingestion.blocks import LayoutBox, Line, RawPage
from ingestion.elements import BBox
from ingestion.layout.region_kinds import columns_as_beside, without_repeated


def line(text: str, x: float, y: float) -> Line:
    return Line(text, BBox(x, y, x + 5 * len(text), y + 10))


def region(*lines: Line, label: str = "text") -> LayoutBox:
    boxes = [x.bbox for x in lines]
    around = BBox(*(min(b[i] for b in boxes) for i in (0, 1)), *(max(b[i] for b in boxes) for i in (2, 3)))
    return LayoutBox(label, around, lines)


LEFT = line("Wear a shield whenever", 50, 100), line("the rotor turns.", 50, 112)
RIGHT = line("The exhaust stays hot", 300, 100), line("for 25 minutes.", 300, 112)
TORN: tuple[Line, ...] = line("Never reach into the", 50, 140), line("Refuel outdoors only,", 300, 140)
TORN += line("hopper while it turns", 50, 152), line("with the motor cold.", 300, 152)


def split(torn: tuple[Line, ...], others: list[LayoutBox], label: str = "text") -> list[list[str]]:
    across = region(
        *(line(f"{a.text} {b.text}", a.bbox.x0, a.bbox.y0) for a, b in zip(torn[::2], torn[1::2], strict=True)),
        label=label,
    )
    whole = region(*torn, label=label)
    box = LayoutBox(label, whole.bbox, across.lines)
    page = RawPage(600, 800, (), (*LEFT, *RIGHT, *torn), (), ())
    return [[x.text for x in part.lines] for part in columns_as_beside(box, [*others, box], page)]


def test_a_region_over_the_gutter_of_other_texts_is_one_per_column() -> None:
    columns = [region(*LEFT), region(*RIGHT)]
    halves = [[x.text for x in TORN[::2]], [x.text for x in TORN[1::2]]]
    assert split(TORN, columns) == halves
    heads = line("Cleaning", 50, 80), line("Nettoyage", 300, 80)
    assert split(heads, columns, "section-header") == [["Cleaning"], ["Nettoyage"]]
    assert len(split(TORN, [region(*LEFT)])) == 1  # nothing says that there is a column on the right
    assert len(split(heads, columns, "page-header")) == 1


def test_a_text_that_the_one_around_it_says_is_said_once() -> None:
    whole = region(*LEFT, *RIGHT, *TORN)
    column = region(*RIGHT)
    assert without_repeated([whole, column], []) == [whole]
    other = region(line("The exhaust stays cold", 300, 100), line("for 25 minutes.", 300, 112))
    assert without_repeated([whole, other], []) == [whole, other]
