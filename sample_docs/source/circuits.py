"""The wiring diagram and the diagram of the refrigerant circuit, as vectors.

Enters: a sheet and the upper left corner of the drawing. Leaves: shapes and labels. Must not know: the words of the
manual.
"""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.colors import Color, HexColor

from .pen import GREY, NAVY, PALE, RED, RULE, TEAL, WHITE, Point
from .sheet import Sheet

WIRE = {
    "brown": HexColor("#7A4A21"),
    "blue": HexColor("#2866C4"),
    "green/yellow": HexColor("#5E9B1D"),
    "black": HexColor("#1A1A1A"),
    "white": HexColor("#AEB6BB"),
    "grey": HexColor("#77828A"),
    "red": HexColor("#CF2E24"),
    "yellow": HexColor("#DDB100"),
    "violet": HexColor("#8443B5"),
    "green": HexColor("#1F9150"),
    "orange": HexColor("#E67717"),
    "pink": HexColor("#E377AE"),
}
HOT, WARM, COLD = HexColor("#C8382A"), HexColor("#DD8A1E"), HexColor("#2D7DD2")


def _block(
    s: Sheet, x: float, y: float, w: float, h: float, name: str, what: Sequence[str], fill: Color = WHITE
) -> None:
    s.rect(x, y, w, h, fill, NAVY, 1.1, 3)
    top = y + h / 2 - 4.8 * len(what) + 3
    s.text(x + w / 2, top, name, "Helvetica-Bold", 9.2, NAVY, "centre")
    for i, words in enumerate(what):
        s.text(x + w / 2, top + 10.5 + i * 9.4, words, size=7.4, align="centre")


def _wire(s: Sheet, points: Sequence[Point], color: str, label: str, at: Point, thick: float = 1.5) -> None:
    if color in ("white", "yellow"):
        s.poly(points, None, HexColor("#6B6B6B"), thick + 0.9, closed=False)
    s.poly(points, None, WIRE[color] if color != "white" else WHITE, thick, closed=False)
    if color == "green/yellow":
        s.poly(points, None, HexColor("#F4D92B"), 0.8, closed=False, dash=(4, 4))
    wide = s.canvas.stringWidth(label, "Helvetica", 7)
    s.rect(at[0] - wide / 2 - 2, at[1] - 4.6, wide + 4, 9, WHITE)
    s.text(at[0], at[1] + 2.4, label, size=7, align="centre")


def _connector(s: Sheet, x: float, y: float, pins: int, name: str, side: str, pitch: float) -> list[float]:
    """A connector on the edge of the main board; returns the heights of its pins."""
    tall = pitch * (pins - 1) + 14
    s.rect(x - 6, y, 12, tall, PALE, NAVY, 0.8, 1)
    heights = [y + 7 + i * pitch for i in range(pins)]
    for h in heights:
        s.circle(x, h, 2.1, NAVY, None)
    if side == "left":
        s.text(x + 11, y + tall / 2 + 3, name, "Helvetica-Bold", 8.2, NAVY)
    else:
        s.text(x - 11, y + tall / 2 + 3, name, "Helvetica-Bold", 8.2, NAVY, "right")
    return heights


def wiring(s: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Mains and compressor on the left, low voltage on the right, the main board A1 between them."""
    board_left, board_right = x + 226, x + 318
    s.rect(board_left, y + 10, board_right - board_left, height - 20, HexColor("#F2F7F3"), NAVY, 1.3, 4)
    middle = (board_left + board_right) / 2
    s.text(middle, y + height / 2 - 40, "A1", "Helvetica-Bold", 15, NAVY, "centre")
    s.text(middle, y + height / 2 - 26, "Main board", size=8.4, align="centre")
    s.text(middle, y + height / 2 - 15, "800-141", size=7.4, color=GREY, align="centre")
    s.line(middle, y + 18, middle, y + height / 2 - 60, RULE, 0.7, (3, 3))
    s.line(middle, y + height / 2 - 4, middle, y + height - 38, RULE, 0.7, (3, 3))
    _mains(s, x, y, board_left)
    _compressor(s, x, y, board_left)
    _low_voltage(s, board_right, x + width, y)
    s.text(board_left - 14, y + height - 6, "230 V side", "Helvetica-Oblique", 7.6, RED, "right")
    s.text(board_right + 14, y + height - 6, "24 V and 5 V side", "Helvetica-Oblique", 7.6, TEAL)


def _mains(s: Sheet, x: float, y: float, board: float) -> None:
    s.rect(x, y + 26, 58, 96, WHITE, NAVY, 1.1, 3)
    s.text(x + 24, y + 44, "X0", "Helvetica-Bold", 9.2, NAVY, "centre")
    s.text(x + 24, y + 56, "Mains", size=7.4, align="centre")
    s.text(x + 24, y + 65, "inlet", size=7.4, align="centre")
    pins = _connector(s, board, y + 43, 2, "X1", "left", 26)
    for name, h in (("L", pins[0]), ("N", pins[1]), ("PE", y + 106)):
        s.circle(x + 58, h, 2.4, NAVY, None)
        s.text(x + 50, h + 2.8, name, "Helvetica-Bold", 7.6, align="right")
    _wire(s, [(x + 60, pins[0]), (board - 2, pins[0])], "brown", "W1 brown", (x + 92, pins[0] - 8))
    s.rect(x + 130, pins[0] - 6, 34, 12, WHITE, NAVY, 1)
    s.line(x + 130, pins[0], x + 164, pins[0], NAVY, 0.8)
    s.text(x + 147, pins[0] - 11, "F1  T 5 A", "Helvetica-Bold", 7.6, NAVY, "centre")
    _wire(s, [(x + 60, pins[1]), (board - 2, pins[1])], "blue", "W2 blue", (x + 92, pins[1] - 8))
    earth = y + 106
    _wire(s, [(x + 60, earth), (x + 168, earth)], "green/yellow", "W3 green/yellow", (x + 112, earth - 8), 2)
    s.line(x + 168, earth, x + 168, earth + 8, NAVY, 1)
    for i, half in enumerate((9, 6, 3)):
        s.line(x + 168 - half, earth + 8 + i * 3.4, x + 168 + half, earth + 8 + i * 3.4, NAVY, 1)
    s.text(x + 182, earth + 15, "base pan", size=7.4)


def _compressor(s: Sheet, x: float, y: float, board: float) -> None:
    pins = _connector(s, board, y + 210, 3, "X2", "left", 62)
    cx, cy = x + 44, pins[1]
    s.circle(cx, cy, 40, WHITE, NAVY, 1.2)
    s.text(cx, cy - 3, "M1", "Helvetica-Bold", 10, NAVY, "centre")
    s.text(cx, cy + 8, "Compressor", size=7.4, align="centre")
    s.text(cx, cy + 17, "R290", size=7.4, align="centre")
    _wire(s, [(board - 2, pins[0]), (cx, pins[0]), (cx, cy - 40)], "black", "W4 black", (x + 150, pins[0] - 8))
    _wire(s, [(board - 2, pins[1]), (cx + 40, pins[1])], "white", "W5 white", (x + 190, pins[1] - 9))
    _wire(s, [(board - 2, pins[2]), (cx, pins[2]), (cx, cy + 40)], "grey", "W6 grey", (x + 190, pins[2] - 8))
    s.rect(x + 106, pins[1] - 8, 44, 16, WHITE, NAVY, 1)
    s.text(x + 128, pins[1] + 3, "B1", "Helvetica-Bold", 8, NAVY, "centre")
    s.text(x + 128, pins[1] + 18, "overload", size=7.2, align="centre")
    s.text(x + 128, pins[1] + 26.5, "protector", size=7.2, align="centre")
    s.rect(x + 116, pins[2] - 3, 8, 6, WHITE)
    for line in (x + 116, x + 124):
        s.line(line, pins[2] - 10, line, pins[2] + 10, NAVY, 1.8)
    s.text(x + 120, pins[2] + 22, "C1  8 µF", "Helvetica-Bold", 7.6, NAVY, "centre")
    for words, px, py in (("R", cx - 9, cy - 42), ("C", cx + 47, cy - 4), ("S", cx - 9, cy + 48)):
        s.text(px, py, words, "Helvetica-Bold", 7.4, GREY, "centre")


def _low_voltage(s: Sheet, board: float, right: float, y: float) -> None:
    left = right - 84
    middle = (board + left) / 2 + 2
    top = y + 22
    pins = _connector(s, board, top, 4, "X3", "right", 18)
    _block(s, left, top - 4, 84, 76, "M2", ["Fan, 24 V EC", "800-120"])
    for h, (color, name) in zip(
        pins, (("red", "W7 red"), ("black", "W8 black"), ("yellow", "W9 yellow"), ("violet", "W10 violet")), strict=True
    ):
        _wire(s, [(board + 2, h), (left, h)], color, name, (middle, h - 1))
    top += 98
    pins = _connector(s, board, top, 4, "X4", "right", 18)
    _block(s, left, top - 4, 84, 76, "B2", ["Room sensor", "TX-210"])
    for i, (h, (color, name)) in enumerate(
        zip(
            pins,
            (("red", "W11 red"), ("black", "W12 black"), ("yellow", "W13 yellow"), ("green", "W14 green")),
            strict=True,
        )
    ):
        _wire(s, [(board + 2, h), (left, h)], color, name, (middle, h - 1))
        s.text(left + 4, h + 2.5, str(i + 1), size=6.6, color=GREY)
    top += 98
    for name, code, what, color, label in (
        ("X5", "B3", ["Defrost thermistor", "800-161"], "white", "W15 white"),
        ("X6", "S1", ["Float switch", "in the tank"], "orange", "W16 orange"),
    ):
        pins = _connector(s, board, top, 2, name, "right", 16)
        _block(s, left, top - 6, 84, 42, code, what)
        for h in pins:
            _wire(s, [(board + 2, h), (left, h)], color, label, (middle, pins[0] + 8))
        top += 58
    pins = _connector(s, board, top, 1, "X7", "right", 16)
    _block(s, left, top - 12, 84, 38, "A2", ["Display board"])
    _wire(s, [(board + 2, pins[0]), (left, pins[0])], "grey", "W17 ribbon", (middle, pins[0] - 9), 5)
    top += 48
    pins = _connector(s, board, top, 2, "X8", "right", 16)
    s.rect(left, top - 6, 84, 42, WHITE, NAVY, 1, 3, (4, 3))
    s.text(left + 42, top + 8, "M3", "Helvetica-Bold", 9.2, NAVY, "centre")
    s.text(left + 42, top + 18.5, "Pump kit 800-180", size=7.4, align="centre")
    s.text(left + 42, top + 28, "(option)", size=7.4, align="centre")
    for h in pins:
        _wire(s, [(board + 2, h), (left, h)], "pink", "W18 pink", (middle, pins[0] + 8))


def refrigerant(s: Sheet, x: float, y: float, width: float) -> None:
    """Evaporator left, condenser right, compressor above, capillary tube below; the air goes from left to right."""
    ex, cx = x + 108, x + width - 186
    top, tall = y + 78, 128
    s.poly([(ex + 40, top), (ex + 40, y + 34), (x + width / 2 - 24, y + 34)], None, COLD, 2.4, closed=False)
    s.poly([(x + width / 2 + 24, y + 34), (cx + 38, y + 34), (cx + 38, top)], None, HOT, 2.4, closed=False)
    foot = top + tall
    s.poly(
        [(cx + 38, foot), (cx + 38, foot + 34), (ex + 40, foot + 34), (ex + 40, foot)], None, WARM, 2.4, closed=False
    )
    s.arrow(ex + 130, y + 34, 1, 0, COLD, 8)
    s.arrow(cx + 38, top - 8, 0, 1, HOT, 8)
    s.arrow(cx - 34, foot + 34, -1, 0, WARM, 8)
    s.circle(x + width / 2, y + 34, 24, WHITE, NAVY, 1.3)
    s.text(x + width / 2, y + 33, "M1", "Helvetica-Bold", 10, NAVY, "centre")
    s.text(x + width / 2, y + 43, "compressor", size=6.8, align="centre")
    for left, name, color in ((ex, "Evaporator", COLD), (cx, "Condenser", HOT)):
        _coil(s, left, top, tall, color)
        s.text(left + 46, foot + 14, name, "Helvetica-Bold", 8.6, NAVY)
    s.rect(x + width / 2 + 16, foot + 26, 42, 16, WHITE, NAVY, 1, 7)
    s.text(x + width / 2 + 37, foot + 54, "filter drier", size=7.6, align="centre")
    _capillary(s, x + width / 2 - 62, foot + 34)
    s.text(x + width / 2 - 46, foot + 54, "capillary tube", size=7.6, align="centre")
    for i in range(3):
        h = top + 30 + i * 34
        for x0, x1, color in ((x + 40, ex - 12, GREY), (ex + 92, cx - 12, COLD), (cx + 90, x + width - 40, HOT)):
            s.line(x0, h, x1 - 7, h, color, 3)
            s.arrow(x1, h, 1, 0, color, 9)
    s.text(x + 66, top + 12, "humid air", size=8, align="centre")
    s.text((ex + cx + 80) / 2, top + 12, "dry, cold air", size=8, align="centre")
    s.text(x + width - 62, top + 12, "dry, warm air", size=8, align="centre")
    s.text((ex + cx + 80) / 2, top + 54, "fan M2 draws the air", "Helvetica-Oblique", 7.4, GREY, "centre")
    s.text(ex + 34, y + 26, "vapour, 4.5 bar", size=7.6, color=COLD, align="left")
    s.text(cx + 30, y + 26, "hot gas, 13 bar", size=7.6, color=HOT, align="right")
    for i in range(3):
        s.poly([(ex + 6 + i * 9, foot + 5), (ex + 3.4 + i * 9, foot + 11), (ex + 8.6 + i * 9, foot + 11)], COLD, None)
    s.text(ex - 6, foot + 13, "water to the tank", size=7.6, color=COLD, align="right")


def _coil(s: Sheet, x: float, y: float, tall: float, color: Color) -> None:
    s.rect(x, y, 78, tall, PALE, NAVY, 1.1, 2)
    for i in range(1, 20):
        s.line(x + i * 3.9, y + 3, x + i * 3.9, y + tall - 3, RULE, 0.5)
    points: list[Point] = [(x + 39, y)]
    for i in range(6):
        h = y + 12 + i * (tall - 24) / 5
        points += [(x + 12, h), (x + 66, h)] if i % 2 == 0 else [(x + 66, h), (x + 12, h)]
    points.append((x + 39, y + tall))
    s.poly(
        [points[0], (x + 39, y + 4), *points[1:-1], (x + 39, y + tall - 4), points[-1]], None, color, 2.4, closed=False
    )


def _capillary(s: Sheet, x: float, y: float) -> None:
    s.rect(x, y - 10, 36, 20, WHITE)
    s.poly(
        [(x, y), *((x + i * 6 + 3, y + (-8 if i % 2 else 8)) for i in range(6)), (x + 36, y)],
        None,
        WARM,
        1.6,
        closed=False,
    )
