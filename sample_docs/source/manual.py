"""The pages of the Aurora 800 service manual.

Enters: the words of ``manual_text`` and the drawings. Leaves: a PDF of 14 pages and the place of every marked thing.
Must not know: the questions asked about it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader

from . import charts, circuits, cover, exploded, panel
from . import manual_text as words
from .pen import AMBER, GREY, INK, NAVY, PALE, RED, RULE, TEAL, WHITE, Box, Place
from .sheet import BODY, CAPTION, LEAD, Block, Sheet, style

A4 = (595.28, 841.89)
LEFT, RIGHT = 54.0, 541.0
WIDE = RIGHT - LEFT
TOP, BOTTOM = 88.0, 782.0

Headings = list[tuple[int, str, int]]


def build(path: Path) -> dict[str, list[Place]]:
    """Writes the manual and returns its places; drawn twice, as the contents page needs the pages of the headings."""
    headings = _draw(path, []).headings
    return _draw(path, headings).places


def _draw(path: Path, headings: Headings) -> Sheet:
    s = Sheet(path, A4, words.TITLE, words.MAKER, "Service manual of a compressor dehumidifier (invented product)")
    cover.draw(s, LEFT, RIGHT)
    for page in (
        _contents(headings),
        _safety,
        _description,
        _controls,
        _principle,
        _performance,
        _construction,
        _parts,
        _electrics,
        _wires,
        _faults,
        _maintenance,
        _closing,
    ):
        s.next_page()
        page(s)
    s.next_page()
    s.save()
    return s


def _furniture(s: Sheet, chapter: str) -> None:
    """Running header and footer."""
    s.text(LEFT, 44, "AURORA 800", "Helvetica-Bold", 8, NAVY, spacing=0.8)
    s.text(LEFT + 70, 44, "Service manual", size=8, color=GREY)
    s.text(RIGHT, 44, chapter, size=8, color=GREY, align="right")
    s.line(LEFT, 52, RIGHT, 52, TEAL, 0.9)
    s.line(LEFT, 804, RIGHT, 804, RULE, 0.5)
    s.text(LEFT, 816, words.EDITION, size=7.4, color=GREY)
    s.text(RIGHT, 816, str(s.page), "Helvetica-Bold", 8.6, NAVY, "right")


def _chapter(s: Sheet, title: str) -> float:
    _furniture(s, title.split(" ", 1)[1])
    number, name = title.split(" ", 1)
    s.outline(0, title)
    s.text(LEFT, TOP + 8, number, "Helvetica-Bold", 22, TEAL)
    s.text(LEFT + 24, TOP + 8, name, "Helvetica-Bold", 22, NAVY)
    return TOP + 30


def _section(s: Sheet, title: str, y: float) -> float:
    s.outline(1, title)
    s.text(LEFT, y + 11, title, "Helvetica-Bold", 11.5, NAVY)
    return y + 20


def _caption(s: Sheet, y: float, number: str, text: str, mark: str) -> float:
    label = f'<font name="Helvetica-Bold" color="#10293D">{number}:</font> {text}'
    return s.paragraph(label, LEFT, y, WIDE, CAPTION, mark).y1


def _contents(headings: Headings) -> Callable[[Sheet], None]:
    def draw(s: Sheet) -> None:
        _furniture(s, "Contents")
        s.text(LEFT, TOP + 8, "Contents", "Helvetica-Bold", 22, NAVY)
        y = TOP + 24
        for i, (level, title, page) in enumerate(headings):
            if title == "Cover":
                continue
            name = "Helvetica" if level else "Helvetica-Bold"
            y += 12.5 if level else 18
            x = LEFT + (26 if level else 0)
            number, rest = title.split(" ", 1)
            size = 9 if level else 10
            color = INK if level else NAVY
            s.text(x, y, number, name, size, TEAL)
            end = s.text(x + 26, y, rest, name, size, color).x1
            s.text(RIGHT, y, str(page), name, size, color, "right")
            s.line(end + 6, y - 1, RIGHT - 20, y - 1, RULE, 0.6, (1, 2.5))
            s.canvas.linkRect("", f"h{i}", (LEFT, s.height - y - 3, RIGHT, s.height - y + 9), Border="[0 0 0]")
        y += 20
        s.rect(LEFT, y, WIDE, 98, PALE, None, radius=5)
        s.text(LEFT + 14, y + 20, "About this manual", "Helvetica-Bold", 10.5, NAVY)
        end_of_box = s.flow(words.ABOUT, LEFT + 14, y + 28, WIDE - 28, bottom=BOTTOM)
        if end_of_box > min(y + 96, BOTTOM):
            raise ValueError("the contents page is too full")

    return draw


def _warning(s: Sheet, y: float, level: str, title: str, text: str) -> float:
    color: Color = RED if level == "DANGER" else AMBER
    look = style(9, 12.6)
    tall = 50.0
    s.rect(LEFT, y, WIDE, tall, HexColor("#FBF1EF") if level == "DANGER" else HexColor("#FDF6E7"), None)
    s.rect(LEFT, y, 4, tall, color)
    s.poly([(LEFT + 32, y + 11), (LEFT + 48, y + 38), (LEFT + 16, y + 38)], color, color, 2)
    s.text(LEFT + 32, y + 34.5, "!", "Helvetica-Bold", 18, WHITE, "centre")
    s.text(LEFT + 62, y + 27, level, "Helvetica-Bold", 9.6, color)
    s.text(LEFT + 122, y + 14.5, title, "Helvetica-Bold", 9.6, NAVY)
    box = s.paragraph(text, LEFT + 122, y + 18.5, WIDE - 134, look)
    s.mark(f"warning-{title.split()[0].lower()}", Box(LEFT, y, RIGHT, y + tall))
    if box.y1 > y + tall:
        raise ValueError(f"the warning {title!r} is too long for its box")
    return y + tall + 8


def _safety(s: Sheet) -> None:
    y = _chapter(s, "1 Safety")
    y = (
        s.paragraph(
            "Read this chapter before you open the unit. The signs below are used in the whole manual.",
            LEFT,
            y,
            WIDE,
            LEAD,
        ).y1
        + 10
    )
    for level, title, text in words.WARNINGS:
        y = _warning(s, y, level, title, text)
    s.flow(words.SAFETY, LEFT, y + 12, WIDE)


def _description(s: Sheet) -> None:
    y = _chapter(s, "2 Description")
    y = s.flow(words.DESCRIPTION, LEFT, y, WIDE) + 22
    y = _section(s, "2.4 Technical data", y)
    y = _caption(s, y, "Table 1", "Technical data of the Aurora 800", "table-1-caption") + 5
    box, _ = s.table(LEFT, y, [232, WIDE - 232], ["Property", "Value"], words.TECHNICAL, "table-1")
    s.flow(words.PLATE, LEFT, box.y1 + 20, WIDE)


def _controls(s: Sheet) -> None:
    y = _chapter(s, "3 Controls and indicator lights")
    picture = io.BytesIO()
    panel.picture([(name, color) for name, color, _, _ in words.LIGHTS]).save(picture, "PNG", optimize=True)
    tall = WIDE * panel.SIZE[1] / panel.SIZE[0]
    s.canvas.drawImage(ImageReader(picture), LEFT, s.height - y - tall, WIDE, tall)
    s.mark("figure-1", Box(LEFT, y, RIGHT, y + tall))
    y = (
        _caption(
            s,
            y + tall + 6,
            "Figure 1",
            "Control panel during a lamp test: all indicator lights are on",
            "figure-1-caption",
        )
        + 16
    )
    y = s.flow(words.CONTROLS, LEFT, y, WIDE) + 20
    y = _section(s, "3.3 Indicator lights", y)
    y = _caption(s, y, "Table 2", "Indicator lights", "table-2-caption") + 5

    def lamp(row: int, column: int, area: Box) -> bool:
        if column != 1:
            return False
        s.circle(area.x0 + 11, (area.y0 + area.y1) / 2, 4.2, HexColor(words.LIGHTS[row][1]), GREY, 0.5)
        s.text(area.x0 + 21, (area.y0 + area.y1) / 2 + 2.9, words.LIGHTS[row][2], size=8.7)
        return True

    rows = [(name, how, meaning) for name, _, how, meaning in words.LIGHTS]
    box, _ = s.table(LEFT, y, [74, 100, WIDE - 174], ["Light", "Colour", "Meaning"], rows, "table-2", paint=lamp)
    s.flow(words.LAMP_NOTES, LEFT, box.y1 + 20, WIDE)


def _principle(s: Sheet) -> None:
    y = _chapter(s, "4 How it works")
    y = s.flow(words.CIRCUIT, LEFT, y, WIDE) + 24
    s.begin_figure()
    circuits.refrigerant(s, LEFT, y, WIDE)
    box = s.end_figure("figure-2")
    _caption(s, box.y1 + 12, "Figure 2", "Way of the refrigerant and of the air", "figure-2-caption")
    s.flow(words.CIRCUIT_AFTER, LEFT, box.y1 + 46, WIDE)


def _performance(s: Sheet) -> None:
    y = _chapter(s, "5 Performance")
    y = s.flow(words.PERFORMANCE, LEFT, y, WIDE) + 16
    box = Box(LEFT, y, RIGHT, y + 236)
    s.begin_figure()
    temperature = charts.Axis("Room temperature in °C", words.TEMPERATURES)
    removed = charts.Axis("Water removed in litres per 24 hours", [0, 5, 10, 15, 20, 25, 30])
    charts.line_chart(
        s,
        box,
        temperature,
        removed,
        [
            charts.Series("80 % RH", TEAL, words.TEMPERATURES, words.REMOVED_80, name_at=(31.2, 24.8), values="above"),
            charts.Series("60 % RH", AMBER, words.TEMPERATURES, words.REMOVED_60, name_at=(31.2, 20.4), values="below"),
        ],
    )
    s.end_figure("figure-3")
    y = (
        _caption(
            s,
            box.y1 + 4,
            "Figure 3",
            "Water removed against room temperature, Boost mode, fan step 3",
            "figure-3-caption",
        )
        + 20
    )
    box = Box(LEFT, y, RIGHT, y + 206)
    s.begin_figure()
    charts.bar_chart(s, box, "Operating mode", charts.Axis("Power input in W", [0, 100, 200, 300, 400]), words.POWER, 5)
    s.end_figure("figure-4")
    _caption(s, box.y1 + 4, "Figure 4", "Power input by operating mode at 20 °C and 60 % RH", "figure-4-caption")


def _construction(s: Sheet) -> None:
    y = _chapter(s, "6 Construction")
    y = _section(s, "6.1 Exploded view", y)
    y = (
        s.paragraph(
            "The numbers are the items of Table 3. Chain lines show the directions in which the parts come off.",
            LEFT,
            y,
            WIDE,
            BODY,
        ).y1
        + 8
    )
    s.begin_figure()
    exploded.draw(s, LEFT + 24, y + 426, 1.05)
    box = s.end_figure("figure-5")
    _caption(s, box.y1 + 14, "Figure 5", "Exploded view of the Aurora 800", "figure-5-caption")


def _parts(s: Sheet) -> None:
    _furniture(s, "Construction")
    y = _caption(s, TOP - 12, "Table 3", "Parts list; the items are those of Figure 5", "table-3-caption") + 5
    box, _ = s.table(
        LEFT,
        y,
        [40, 66, 196, 40, WIDE - 342],
        ["Item", "Part no.", "Description", "Qty", "Note"],
        words.PARTS,
        "table-3",
    )
    s.flow(words.DISMANTLING, LEFT, box.y1 + 24, WIDE)


def _electrics(s: Sheet) -> None:
    y = _chapter(s, "7 Electrical system")
    y = _section(s, "7.1 Wiring diagram", y)
    y = (
        s.paragraph(
            "Figure 6 shows all wires between the main board A1 and the other parts. Wire numbers and colours are "
            "those of Table 4. The low-voltage side is separated from the mains by the power supply on A1.",
            LEFT,
            y,
            WIDE,
            BODY,
        ).y1
        + 14
    )
    s.begin_figure()
    circuits.wiring(s, LEFT, y, WIDE, 448)
    box = s.end_figure("figure-6")
    _caption(s, box.y1 + 8, "Figure 6", "Wiring diagram", "figure-6-caption")
    s.flow(words.READING, LEFT, box.y1 + 38, WIDE)


def _wires(s: Sheet) -> None:
    _furniture(s, "Electrical system")
    y = _caption(s, TOP - 12, "Table 4", "Wires of Figure 6", "table-4-caption") + 5
    header = ["Wire", "Colour", "mm²", "From", "To", "Use"]
    box, _ = s.table(LEFT, y, [44, 82, 54, 76, 96, WIDE - 352], header, words.WIRES, "table-4")
    y = s.flow(words.MEASURING, LEFT, box.y1 + 20, WIDE) + 18
    y = _caption(s, y, "Table 5", "Resistance of the defrost thermistor B3", "table-5-caption") + 5
    s.table(LEFT, y, [130, 130], ["Temperature in °C", "Resistance in kΩ"], words.THERMISTOR, "table-5")


def _faults(s: Sheet) -> None:
    y = _chapter(s, "8 Fault finding")
    y = _section(s, "8.1 Error codes", y)
    y = (
        s.paragraph(
            "The display shows the code while the SERVICE light flashes. The last five codes are kept in "
            "the service menu (section 3.2).",
            LEFT,
            y,
            WIDE,
            BODY,
        ).y1
        + 10
    )
    y = _caption(s, y, "Table 6", "Error codes", "table-6-caption") + 5
    box, rows = s.table(LEFT, y, [42, 168, WIDE - 210], ["Code", "Meaning", "Remedy"], words.ERRORS, "table-6")
    for (code, _, _), row in zip(words.ERRORS, rows, strict=True):
        s.mark(f"error-{code}", row)
    s.flow(words.FAULTS, LEFT, box.y1 + 22, WIDE)


COLUMNS = [60.0, 174.0, 144.0, 64.0, WIDE - 442]


def _maintenance(s: Sheet) -> None:
    y = _chapter(s, "9 Maintenance")
    y = _section(s, "9.1 Maintenance schedule", y)
    y = s.flow(words.MAINTAIN_INTRO, LEFT, y, WIDE, columns=1) + 12
    y = _caption(s, y, "Table 7", "Maintenance schedule", "table-7-caption") + 5
    box, _ = s.table(
        LEFT, y, COLUMNS, words.MAINTENANCE_HEAD, words.MAINTENANCE[: words.MAINTENANCE_FIRST_PAGE], "table-7"
    )
    s.text(RIGHT, box.y1 + 13, "continued on the next page", "Helvetica-Oblique", 7.8, GREY, "right")


def _closing(s: Sheet) -> None:
    _furniture(s, "Maintenance")
    y = _caption(s, TOP - 12, "Table 7", "Maintenance schedule (continued)", "table-7-continued") + 5
    box, _ = s.table(
        LEFT, y, COLUMNS, words.MAINTENANCE_HEAD, words.MAINTENANCE[words.MAINTENANCE_FIRST_PAGE :], "table-7"
    )
    y = s.flow(words.CLOSING, LEFT, box.y1 + 26, WIDE)
    _log(s, y + 26)


def _log(s: Sheet, y: float) -> None:
    """An empty service log to copy."""
    s.flow([Block("p", "<b>Service log</b> (copy as needed)")], LEFT, y, WIDE, columns=1)
    widths = [70, 64, 64, 190, WIDE - 388]
    s.table(LEFT, y + 20, widths, ["Date", "Hours", "Code", "Work done", "Signature"], [("&nbsp;",) * 5] * 8)
    s.mark("service-log", Box(LEFT, y, RIGHT, y + 190))
