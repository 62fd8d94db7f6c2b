"""The data sheet of the TX-210 sensor: words, tables and pages.

Enters: nothing. Leaves: a PDF of three pages and the place of every marked thing. Must not know: the
questions asked about it.
"""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.colors import HexColor

from . import charts
from .pen import GREY, INK, NAVY, PALE, RULE, WHITE, Box, Place
from .sheet import BODY, CAPTION, Block, Sheet, TableLook, style

A4 = (595.28, 841.89)
LEFT, RIGHT = 50.0, 545.0
WIDE = RIGHT - LEFT
ACCENT = HexColor("#8C2F5B")
SOFT = HexColor("#F7EEF2")
EDITION = "TX-210 data sheet  ·  Revision C  ·  January 2026"

FEATURES = [
    Block("li", "Humidity 0 to 100 % RH, accuracy ± 2 % RH"),
    Block("li", "Temperature –20 to 70 °C, accuracy ± 0.3 °C", "feature-temperature"),
    Block("li", "Supply voltage 3.0 to 5.5 V, on-board regulator"),
    Block("li", "Average current 6.3 µA (one reading in 2 s)"),
    Block("li", "I²C interface up to 400 kHz, address 0x4C or 0x4D"),
    Block("li", "Heater against condensation"),
    Block("li", "Membrane filter, IP54 on the sensing side"),
    Block("li", "Four-pin plug with latch, cable up to 1.5 m"),
]
ABOUT = [
    Block(
        "p",
        "The TX-210 measures humidity and temperature of room air in dehumidifiers, ventilation units and "
        "archive cabinets. It is calibrated and leaves the works with its correction values stored.",
    ),
    Block(
        "p",
        "A membrane keeps dust and drops from the sensing element. The small circuit board clips into a "
        "frame without screws and is replaced as a whole.",
    ),
]
CHARACTERISTICS_HEAD = ["Symbol", "Parameter", "Condition", "Min.", "Typ.", "Max.", "Unit"]
ELECTRICAL = [
    ("V<sub rise='2' size='6'>DD</sub>", "Supply voltage", "", "3.0", "5.0", "5.5", "V"),
    (
        "I<sub rise='2' size='6'>M</sub>",
        "Current while measuring",
        "V<sub rise='2' size='6'>DD</sub> = 5 V",
        "–",
        "0.95",
        "1.3",
        "mA",
    ),
    (
        "I<sub rise='2' size='6'>S</sub>",
        "Standby current",
        "V<sub rise='2' size='6'>DD</sub> = 5 V",
        "–",
        "0.6",
        "2.0",
        "µA",
    ),
    (
        "I<sub rise='2' size='6'>H</sub>",
        "Heater current",
        "V<sub rise='2' size='6'>DD</sub> = 5 V",
        "24",
        "30",
        "36",
        "mA",
    ),
    ("V<sub rise='2' size='6'>IL</sub>", "Low level, SDA and SCL", "", "0", "–", "0.8", "V"),
    ("V<sub rise='2' size='6'>IH</sub>", "High level, SDA and SCL", "", "2.1", "–", "5.5", "V"),
    ("R<sub rise='2' size='6'>P</sub>", "Pull-up resistors", "on board", "–", "10", "–", "kΩ"),
    ("f<sub rise='2' size='6'>SCL</sub>", "Clock frequency", "", "–", "100", "400", "kHz"),
    ("t<sub rise='2' size='6'>M</sub>", "Time for one measurement", "both values", "–", "12", "15", "ms"),
    (
        "t<sub rise='2' size='6'>UP</sub>",
        "Start-up time",
        "after V<sub rise='2' size='6'>DD</sub> &gt; 3 V",
        "–",
        "40",
        "60",
        "ms",
    ),
]
SENSING = [
    ("RH", "Range of humidity", "", "0", "–", "100", "% RH"),
    ("ΔRH", "Accuracy of humidity", "25 °C, 20–80 % RH", "–", "± 2.0", "± 3.0", "% RH"),
    ("H", "Hysteresis", "25 °C", "–", "± 0.8", "–", "% RH"),
    ("t<sub rise='2' size='6'>63</sub>", "Response time, humidity", "air at 1 m/s", "–", "8", "12", "s"),
    ("T", "Range of temperature", "", "–20", "–", "70", "°C"),
    ("ΔT", "Accuracy of temperature", "5–45 °C", "–", "± 0.3", "± 0.5", "°C"),
    ("D", "Drift of humidity", "per year", "–", "0.25", "0.5", "% RH"),
]
PINS = [
    ("1", "VDD", "red", "#CF2E24", "supply, 3.0 to 5.5 V"),
    ("2", "GND", "black", "#1A1A1A", "ground"),
    ("3", "SDA", "yellow", "#DDB100", "data, both directions"),
    ("4", "SCL", "green", "#1F9150", "clock, from the master"),
]
HUMIDITY = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]
TYPICAL = [3.2, 2.6, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.9, 3.8]
LARGEST = [4.6, 3.8, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 4.2, 5.4]
ORDERING = [
    ("TX-210-A", "0x4C", "150 mm", "no", "50", "standard"),
    ("TX-210-B", "0x4D", "150 mm", "no", "50", "second sensor on one bus"),
    ("TX-210-A5", "0x4C", "500 mm", "no", "25", "spare part 800-160 (Aurora 800)"),
    ("TX-210-AM", "0x4C", "500 mm", "yes", "25", "metal filter, for drying rooms"),
    ("TX-210-X15", "0x4C", "1,500 mm", "yes", "10", "for cabinets, shielded cable"),
]
CURRENT = [("0.5 s", 23.4), ("1 s", 12), ("2 s", 6.3), ("5 s", 2.9), ("10 s", 1.7)]
CONNECTION = [
    Block(
        "p",
        "<b>Supply.</b> A capacitor of 100 nF is on the board. Keep supply lines longer than 500 mm away from "
        "motor and mains cables.",
    ),
    Block(
        "p",
        "<b>Bus.</b> The pull-up resistors on the board are enough for two sensors and 1.5 m of cable. Read the "
        "sensor at most twice a second: faster reading warms the element.",
    ),
]
NOTES = [
    Block("h2", "Handling"),
    Block(
        "p",
        "Do not touch the membrane. Solvents, silicone vapour and cigarette smoke shift the reading; after such a "
        "load dry the sensor for <b>6 hours at 60 °C</b> and let it stand for a day at 75 % RH.",
        "recovery",
    ),
    Block("p", "Store the sensor in its bag at 10 to 50 °C and 20 to 60 % RH."),
    Block("h2", "Use of the heater"),
    Block(
        "p",
        "The heater raises the temperature of the element by about 4 °C. Use it for not more than 30 seconds in ten "
        "minutes and ignore both readings until one minute after it is switched off.",
    ),
    Block("h2", "Commands"),
    Block(
        "p",
        "0xE3 measures both values, 0xE5 humidity only, 0xFE resets the sensor. 0x21 switches the heater on, "
        "0x20 off. Each answer ends with a check byte (CRC-8).",
    ),
]
H2 = style(12.5, 16, "Helvetica-Bold", ACCENT)


def build(path: Path) -> dict[str, list[Place]]:
    """Writes the data sheet and returns its places."""
    s = Sheet(
        path,
        A4,
        "TX-210 Humidity and Temperature Sensor: Data Sheet",
        "Tessmer Sensors",
        "Data sheet of a sensor (invented product)",
        ACCENT,
    )
    for number, page in enumerate((_front, _characteristics, _ordering)):
        if number:
            s.next_page()
        page(s)
    s.next_page()
    s.save()
    return s.places


def _furniture(s: Sheet) -> None:
    if s.page > 1:
        s.text(LEFT, 42, "TX-210", "Helvetica-Bold", 10, ACCENT)
        s.text(RIGHT, 42, "Humidity and temperature sensor", size=8.4, color=GREY, align="right")
        s.line(LEFT, 50, RIGHT, 50, ACCENT, 1)
    s.line(LEFT, 802, RIGHT, 802, RULE, 0.5)
    s.text(LEFT, 815, EDITION, size=7.6, color=GREY)
    s.text((LEFT + RIGHT) / 2 + 40, 815, "Tessmer Sensors", size=7.6, color=GREY, align="centre")
    s.text(RIGHT, 815, f"Page {s.page} of 3", size=7.6, color=GREY, align="right")


def _title(s: Sheet, y: float, words: str) -> float:
    s.outline(0, words)
    return s.paragraph(words, LEFT, y, WIDE, H2).y1 + 4


def _caption(s: Sheet, y: float, number: str, text: str, mark: str) -> float:
    label = f'<font name="Helvetica-Bold" color="#8C2F5B">{number}:</font> {text}'
    return s.paragraph(label, LEFT, y, WIDE, CAPTION, mark).y1


def _front(s: Sheet) -> None:
    s.rect(0, 0, s.width, 128, fill=ACCENT)
    s.text(LEFT, 46, "TESSMER SENSORS", "Helvetica-Bold", 9, WHITE, spacing=2)
    s.text(LEFT, 82, "TX-210", "Helvetica-Bold", 34, WHITE)
    s.text(LEFT, 108, "Humidity and temperature sensor with I²C interface", size=12.5, color=WHITE)
    s.text(RIGHT, 46, "Data sheet", size=10, color=WHITE, align="right")
    for i, (value, unit) in enumerate(
        (("± 2 %", "humidity"), ("± 0.3 °C", "temperature"), ("6.3 µA", "average current"))
    ):
        right = RIGHT - i * 92
        s.text(right, 76, value, "Helvetica-Bold", 15, WHITE, "right")
        s.text(right, 89, unit, size=8, color=HexColor("#F0D9E4"), align="right")
    _furniture(s)
    half = (WIDE - 24) / 2
    s.outline(0, "Key features")
    y = s.paragraph("Key features", LEFT, 150, half, H2).y1 + 4
    end = s.flow(FEATURES, LEFT, y, half, columns=1)
    s.mark("features", Box(LEFT, y, LEFT + half, end))
    s.outline(0, "Description")
    y = s.paragraph("Description", LEFT + half + 24, 150, half, H2).y1 + 4
    s.flow(ABOUT, LEFT + half + 24, y, half, columns=1)
    y = _title(s, end + 24, "Pin-out")
    y = (
        s.paragraph(
            "Figure 1 shows the plug side of the board. Pin 1 is marked by a square pad. The wire colours are those "
            "of the cables listed in Table 3.",
            LEFT,
            y,
            WIDE,
            BODY,
        ).y1
        + 14
    )
    s.begin_figure()
    _pinout(s, LEFT + 10, y)
    box = s.end_figure("figure-1")
    _caption(s, box.y1 + 12, "Figure 1", "Pin-out and dimensions in millimetres", "figure-1-caption")
    s.flow(CONNECTION, LEFT, box.y1 + 44, WIDE)


def _pinout(s: Sheet, x: float, y: float) -> None:
    """The board with sensing element and plug, the four wires and the outer dimensions."""
    s.rect(x + 28, y + 24, 190, 132, HexColor("#D9EBDD"), NAVY, 1.3, 6)
    for dx, dy in ((40, 36), (206, 36), (40, 144), (206, 144)):
        s.circle(x + dx, y + dy, 5, WHITE, NAVY, 0.9)
    s.rect(x + 56, y + 56, 66, 66, WHITE, NAVY, 1.1, 4)
    s.circle(x + 89, y + 89, 22, PALE, NAVY, 0.9)
    for i in range(-2, 3):
        for j in range(-2, 3):
            if i * i + j * j < 6:
                s.circle(x + 89 + i * 8, y + 89 + j * 8, 1.7, NAVY, None)
    s.text(x + 89, y + 135, "membrane", size=7.8, align="centre")
    s.rect(x + 142, y + 74, 24, 30, HexColor("#2B3238"), None, radius=1.5)
    s.text(x + 154, y + 114, "IC", size=7.4, align="centre")
    s.rect(x + 186, y + 44, 44, 92, WHITE, NAVY, 1.2, 2)
    for i, (number, name, color, ink, use) in enumerate(PINS):
        h = y + 58 + i * 21.5
        s.poly([(x + 208, h), (x + 300, h)], None, HexColor(ink), 2.4, closed=False)
        if i == 0:
            s.rect(x + 202, h - 6, 12, 12, HexColor("#E8C66A"), NAVY, 0.9)
        else:
            s.circle(x + 208, h, 6, HexColor("#E8C66A"), NAVY, 0.9)
        s.text(x + 208, h + 2.8, number, "Helvetica-Bold", 7.8, NAVY, "centre")
        s.text(x + 308, h + 3, name, "Helvetica-Bold", 9.4, NAVY)
        s.text(x + 342, h + 3, color, size=8.6)
        s.text(x + 380, h + 3, use, size=8.6, color=GREY)
    _dimension(s, x + 28, y + 172, x + 218, "26.0")
    s.line(x + 12, y + 24, x + 12, y + 156, INK, 0.6)
    s.arrow(x + 12, y + 24, 0, -1)
    s.arrow(x + 12, y + 156, 0, 1)
    s.upright_text(x + 8, y + 90, "18.0", 8)


def _dimension(s: Sheet, x0: float, y: float, x1: float, words: str) -> None:
    for x in (x0, x1):
        s.line(x, y - 12, x, y + 4, GREY, 0.4)
    s.line(x0, y, x1, y, INK, 0.6)
    s.arrow(x0, y, -1, 0)
    s.arrow(x1, y, 1, 0)
    s.text((x0 + x1) / 2, y - 3.5, words, size=8, align="centre")


WIDTHS = [46.0, 140.0, 112.0, 48.0, 48.0, 48.0, WIDE - 442]


def _characteristics(s: Sheet) -> None:
    _furniture(s)
    y = _title(s, 72, "Electrical characteristics")
    look = TableLook(borderless=True, pad=2.6, bold_first=False)
    y = _caption(s, y, "Table 1", "Electrical characteristics at 25 °C", "table-1-caption") + 3
    box, _ = s.table(LEFT, y, WIDTHS, CHARACTERISTICS_HEAD, ELECTRICAL, "table-1", look)
    y = _title(s, box.y1 + 20, "Sensing")
    y = _caption(s, y, "Table 2", "Characteristics of sensing at 5 V supply", "table-2-caption") + 3
    box, _ = s.table(LEFT, y, WIDTHS, CHARACTERISTICS_HEAD, SENSING, "table-2", look)
    y = box.y1 + 22
    y = s.paragraph("Near the ends of the range the accuracy is lower, as Figure 2 shows.", LEFT, y, WIDE, BODY).y1 + 10
    box = Box(LEFT, y, RIGHT, y + 218)
    s.begin_figure()
    error = charts.Axis("Deviation in ± % RH", [0, 1, 2, 3, 4, 5, 6])
    charts.line_chart(
        s,
        box,
        charts.Axis("Relative humidity in %", HUMIDITY),
        error,
        [
            charts.Series("largest", ACCENT, HUMIDITY, LARGEST, name_at=(44, 3.25)),
            charts.Series("typical", NAVY, HUMIDITY, TYPICAL, (5, 3), name_at=(44, 2.25)),
        ],
    )
    s.end_figure("figure-2")
    _caption(s, box.y1 + 4, "Figure 2", "Accuracy of humidity over the range at 25 °C", "figure-2-caption")


def _ordering(s: Sheet) -> None:
    _furniture(s)
    y = _title(s, 72, "Ordering information")
    y = _caption(s, y, "Table 3", "Ordering information", "table-3-caption") + 5
    header = ["Order code", "Address", "Cable", "Shield", "Pack", "Remark"]
    box, _ = s.table(LEFT, y, [86, 64, 70, 54, 48, WIDE - 322], header, ORDERING, "table-3")
    y = (
        s.paragraph(
            "The order code is printed on the bag and on the rear of the board. Samples are delivered one by one.",
            LEFT,
            box.y1 + 10,
            WIDE,
            BODY,
        ).y1
        + 20
    )
    y = s.flow(NOTES, LEFT, y, WIDE) + 26
    box = Box(LEFT, y, RIGHT, y + 186)
    s.begin_figure()
    charts.bar_chart(
        s, box, "Time between two readings", charts.Axis("Average current in µA", [0, 5, 10, 15, 20, 25]), CURRENT, 2
    )
    s.end_figure("figure-3")
    y = (
        _caption(
            s,
            box.y1 + 4,
            "Figure 3",
            "Average current at 5 V against the time between two readings",
            "figure-3-caption",
        )
        + 22
    )
    s.rect(LEFT, y, WIDE, 62, SOFT, None, radius=5)
    s.text(LEFT + 14, y + 20, "Tessmer Sensors", "Helvetica-Bold", 10, ACCENT)
    s.text(LEFT + 14, y + 35, "Hafenstraße 31, Brunnstedt", size=9)
    s.text(LEFT + 14, y + 48, "Technical questions: quote the order code and the date code on the board.", size=9)
    s.text(RIGHT - 14, y + 20, "Revision C, January 2026", size=9, color=GREY, align="right")
