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
    other = region(line("The exhaust stays cold", 300, 100), line("for 26 minutes.", 300, 112))
    assert without_repeated([whole, other], []) == [whole, other]


def test_a_line_in_two_texts_is_said_by_the_one_that_holds_more_of_it() -> None:
    upper, lower = line("prototype of the pump failed", 50, 124), line("chamber. They changed it", 50, 136)
    first = LayoutBox("text", BBox(50, 100, 180, 132), (line("It was a long winter", 98, 100), upper))
    cut = upper.bbox._replace(y0=126)
    second = LayoutBox("text", BBox(50, 126, 190, 146), (Line(upper.text, cut), lower))
    found = without_repeated([first, second], [])
    assert sorted(x.text for box in found for x in box.lines).count(upper.text) == 1
    again = LayoutBox("text", BBox(50, 300, 190, 312), (line(upper.text, 50, 300),))
    assert without_repeated([first, again], []) == [first, again], "what stands elsewhere is said there"


def test_a_text_that_says_the_ends_of_rows_again_is_part_of_them() -> None:
    rows = line("Die Garantie gilt. The warranty lasts", 50, 100), line("zwei Jahre. two years.", 50, 112)
    left = LayoutBox("text", BBox(50, 100, 150, 122), rows)
    right = region(line("The warranty lasts", 145, 100), line("two years.", 145, 112))
    (whole,) = without_repeated([left, right], [])
    assert whole.lines == rows and whole.bbox.x1 == right.bbox.x1


def test_a_command_in_the_row_of_its_explanation_is_no_program_text_of_its_own() -> None:
    row = region(line("volume of the lattice E.area", 50, 100))
    said, alone = region(line("E.area", 160, 100), label="code"), line("E.tate", 160, 130)
    assert without_repeated([row, said], []) == [row]
    listing = region(said.lines[0], alone, label="code")
    assert [box.lines for box in without_repeated([row, listing], [])] == [row.lines, (alone,)]
    elsewhere = region(line("E.area", 160, 300), label="code")
    assert without_repeated([row, elsewhere], []) == [row, elsewhere]
