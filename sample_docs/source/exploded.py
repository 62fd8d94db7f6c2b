"""The exploded view of the dehumidifier as line art with numbered balloons.

Enters: a sheet and the place of the drawing. Leaves: shapes; the numbers are the items of the parts list. Must not
know: names or part numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin

from reportlab.lib.colors import Color, HexColor

from .pen import GREY, INK, NAVY, WHITE, Point
from .sheet import Sheet

METAL = HexColor("#F3F6F7")
SIDE = HexColor("#DDE5E9")
TOP = HexColor("#EAF0F2")
COPPER = HexColor("#C77B45")
GREEN = HexColor("#BFDCC9")
FINE = 0.35


@dataclass(frozen=True, slots=True)
class Axes:
    """An axonometric view: ``d`` runs back (up right), ``w`` across (down right), ``z`` up; all in points."""

    x: float
    y: float
    scale: float

    def at(self, d: float, w: float, z: float) -> Point:
        k = self.scale
        return (self.x + (0.86 * d + 0.62 * w) * k, self.y + (-0.34 * d + 0.30 * w - z) * k)

    def ring(self, d: float, w: float, z: float, r: float, flat: bool = False, steps: int = 40) -> list[Point]:
        """A circle in the w–z plane, or lying in the d–w plane."""
        turns = [2 * pi * i / steps for i in range(steps)]
        if flat:
            return [self.at(d + r * cos(t), w + r * sin(t), z) for t in turns]
        return [self.at(d, w + r * cos(t), z + r * sin(t)) for t in turns]


@dataclass(frozen=True, slots=True)
class Slab:
    """A box from d to d+t, w0 to w1 and z0 to z1."""

    d: float
    t: float
    w0: float = 0
    w1: float = 100
    z0: float = 0
    z1: float = 150


def _slab(s: Sheet, a: Axes, b: Slab, fill: Color = METAL) -> None:
    back = b.d + b.t
    s.poly(
        [a.at(b.d, b.w0, b.z1), a.at(b.d, b.w1, b.z1), a.at(back, b.w1, b.z1), a.at(back, b.w0, b.z1)], TOP, INK, 0.6
    )
    s.poly(
        [a.at(b.d, b.w1, b.z0), a.at(back, b.w1, b.z0), a.at(back, b.w1, b.z1), a.at(b.d, b.w1, b.z1)], SIDE, INK, 0.6
    )
    s.poly([a.at(b.d, b.w0, b.z0), a.at(b.d, b.w1, b.z0), a.at(b.d, b.w1, b.z1), a.at(b.d, b.w0, b.z1)], fill, INK, 0.8)


def _stroke(
    s: Sheet,
    a: Axes,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    width: float = FINE,
    color: Color = INK,
) -> None:
    s.line(*a.at(*start), *a.at(*end), color, width)


def _grille(s: Sheet, a: Axes, d: float) -> None:
    _slab(s, a, Slab(d, 8))
    for i in range(15):
        z = 52 + i * 6
        s.poly([a.at(d, 12, z), a.at(d, 88, z), a.at(d, 88, z + 2.6), a.at(d, 12, z + 2.6)], SIDE, INK, FINE)
    s.poly([a.at(d, 12, 10), a.at(d, 88, 10), a.at(d, 88, 42), a.at(d, 12, 42)], None, INK, FINE)


def _filter(s: Sheet, a: Axes, d: float) -> None:
    _slab(s, a, Slab(d, 4, 8, 92, 44, 146), WHITE)
    s.poly([a.at(d, 13, 49), a.at(d, 87, 49), a.at(d, 87, 141), a.at(d, 13, 141)], None, INK, 0.5)
    for i in range(1, 12):
        _stroke(s, a, (d, 13 + i * 6.16, 49), (d, 13 + i * 6.16, 141), 0.25, GREY)
    for i in range(1, 15):
        _stroke(s, a, (d, 13, 49 + i * 6.13), (d, 87, 49 + i * 6.13), 0.25, GREY)


def _coil(s: Sheet, a: Axes, d: float, fins: int, pipes: int) -> None:
    _slab(s, a, Slab(d, 22, 6, 94, 44, 146), WHITE)
    for i in range(1, fins):
        w = 6 + 88 * i / fins
        _stroke(s, a, (d, w, 46), (d, w, 144), 0.25, GREY)
        _stroke(s, a, (d, w, 146), (d + 22, w, 146), 0.2, GREY)
    for i in range(pipes):
        z = 54 + i * 84 / (pipes - 1)
        bend = [
            a.at(d + 5, 94, z),
            a.at(d + 5, 102, z),
            a.at(d + 11, 105, z + 1),
            a.at(d + 17, 102, z + 2),
            a.at(d + 17, 94, z + 2),
        ]
        s.poly(bend, None, COPPER, 1.8, closed=False)
        s.poly(bend, None, INK, 0.3, closed=False)


def _fan(s: Sheet, a: Axes, d: float) -> None:
    _slab(s, a, Slab(d, 16, 4, 96, 44, 148))
    s.poly(a.ring(d, 50, 96, 40), SIDE, INK, 0.7)
    for i in range(7):
        start = 2 * pi * i / 7
        blade = [
            a.at(d, 50 + r * cos(start + turn), 96 + r * sin(start + turn))
            for r, turn in ((9, 0.0), (22, 0.18), (37, 0.42), (38, 0.78), (24, 0.66), (10, 0.6))
        ]
        s.poly(blade, WHITE, INK, 0.5)
    s.poly(a.ring(d, 50, 96, 11), METAL, INK, 0.7)
    s.poly(a.ring(d, 50, 96, 3), INK, INK, 0.4)
    for w, z in ((9, 49), (91, 49), (9, 143), (91, 143)):
        s.poly(a.ring(d, w, z, 2, steps=12), WHITE, INK, 0.4)


def _cylinder(s: Sheet, a: Axes, spot: tuple[float, float, float], r: float, tall: float, fill: Color) -> None:
    d, w, z = spot
    foot, head = a.ring(d, w, z, r, True, 48), a.ring(d, w, z + tall, r, True, 48)
    left = min(range(48), key=lambda i: foot[i][0])
    right = max(range(48), key=lambda i: foot[i][0])
    s.poly(foot, fill, INK, 0.6)
    s.poly([foot[left], head[left], head[right], foot[right]], fill, None)
    s.line(*foot[left], *head[left], INK, 0.6)
    s.line(*foot[right], *head[right], INK, 0.6)
    s.poly(head, TOP, INK, 0.6)


def _base(s: Sheet, a: Axes, d: float) -> None:
    for w in (12, 88):
        for back in (14, 84):
            x, y = a.at(d + back, w, -7)
            s.circle(x, y + 2, 6 * a.scale, WHITE, INK, 0.7)
            s.circle(x, y + 2, 2 * a.scale, SIDE, INK, 0.5)
    _slab(s, a, Slab(d, 96, 0, 100, 0, 9))
    s.poly([a.at(d + 6, 6, 9), a.at(d + 6, 94, 9), a.at(d + 90, 94, 9), a.at(d + 90, 6, 9)], WHITE, INK, FINE)


def _compressor(s: Sheet, a: Axes, d: float, w: float, z: float) -> None:
    for t in (0.4, 2.5, 4.6):
        x, y = a.at(d + 27 * cos(t), w + 27 * sin(t), z + 1)
        s.circle(x, y, 3, SIDE, INK, 0.5)
    _cylinder(s, a, (d, w, z + 4), 21, 56, METAL)
    s.poly(a.ring(d, w, z + 64, 13, True), METAL, INK, 0.5)
    for i in (20, 44):
        ring = a.ring(d, w, z + i, 21, True, 48)
        front = sorted(ring, key=lambda p: p[1])[24:]
        s.poly(sorted(front), None, INK, 0.4, closed=False)
    top = a.at(d, w, z + 64)
    s.poly([top, (top[0], top[1] - 18), (top[0] + 26, top[1] - 26)], None, COPPER, 2.2, closed=False)


def _rear(s: Sheet, a: Axes, d: float) -> None:
    _slab(s, a, Slab(d, 26))
    for row in range(9):
        z = 74 + row * 7
        s.poly([a.at(d, 18, z), a.at(d, 82, z), a.at(d, 82, z + 3), a.at(d, 18, z + 3)], SIDE, INK, FINE)
    for w, z in ((6, 6), (94, 6), (6, 76), (94, 76), (6, 144), (94, 144)):
        s.poly(a.ring(d, w, z, 2, steps=12), WHITE, INK, 0.4)


def _lid(s: Sheet, a: Axes, d: float, z: float) -> None:
    _slab(s, a, Slab(d, 92, 0, 100, z, z + 12))
    s.poly(
        [a.at(d + 56, 22, z + 12), a.at(d + 56, 78, z + 12), a.at(d + 74, 78, z + 12), a.at(d + 74, 22, z + 12)],
        SIDE,
        INK,
        0.5,
    )
    s.poly(
        [a.at(d + 10, 18, z + 12), a.at(d + 10, 82, z + 12), a.at(d + 34, 82, z + 12), a.at(d + 34, 18, z + 12)],
        NAVY,
        INK,
        0.5,
    )
    for i in range(5):
        x, y = a.at(d + 22, 28 + i * 11, z + 12)
        s.circle(x, y, 1.6, WHITE, None)


def _board(s: Sheet, a: Axes, box: Slab, chips: tuple[tuple[float, float, float, float], ...]) -> None:
    _slab(s, a, box, GREEN)
    for w, z, wide, tall in chips:
        s.poly(
            [a.at(box.d, w, z), a.at(box.d, w + wide, z), a.at(box.d, w + wide, z + tall), a.at(box.d, w, z + tall)],
            WHITE,
            INK,
            0.45,
        )


def _tank(s: Sheet, a: Axes, d: float, w: float, z: float) -> None:
    b = Slab(d, 62, w, w + 88, z, z + 52)
    _slab(s, a, b)
    s.poly(
        [
            a.at(d + 4, w + 4, z + 52),
            a.at(d + 4, w + 84, z + 52),
            a.at(d + 58, w + 84, z + 52),
            a.at(d + 58, w + 4, z + 52),
        ],
        SIDE,
        INK,
        0.5,
    )
    s.poly(
        [a.at(d, w + 30, z + 34), a.at(d, w + 58, z + 34), a.at(d, w + 58, z + 42), a.at(d, w + 30, z + 42)],
        WHITE,
        INK,
        0.5,
    )
    for i in range(1, 6):
        _stroke(s, a, (d, w + 78, z + i * 7), (d, w + 84, z + i * 7), 0.5)


def _axis(s: Sheet, a: Axes, start: tuple[float, float, float], end: tuple[float, float, float]) -> None:
    s.poly([a.at(*start), a.at(*end)], None, GREY, 0.5, closed=False, dash=(7, 2, 1.5, 2))


def balloon(s: Sheet, number: int, target: Point, spot: Point) -> None:
    """A numbered circle at ``spot`` with a leader to ``target``."""
    s.line(*target, *spot, INK, 0.55)
    s.circle(*target, 1.4, INK, None)
    s.circle(*spot, 9, HexColor("#E3E8EB"), INK, 0.8)
    s.text(spot[0], spot[1] + 3, str(number), "Helvetica-Bold", 8.6, NAVY, "centre")


def draw(s: Sheet, x: float, y: float, scale: float) -> None:
    """Draws all parts; (x, y) is the lower front left corner of the front grille."""
    a = Axes(x, y, scale)
    _axis(s, a, (0, 50, 96), (430, 50, 96))
    _axis(s, a, (336, 50, 9), (336, 50, 248))
    _rear(s, a, 408)
    _base(s, a, 288)
    _board(
        s,
        a,
        Slab(372, 3, 14, 86, 22, 92),
        ((20, 60, 16, 22), (42, 68, 12, 12), (60, 30, 20, 14), (22, 30, 24, 8), (58, 70, 22, 10)),
    )
    _compressor(s, a, 334, 38, 9)
    _cylinder(s, a, (310, 84, 9), 8, 34, WHITE)
    _lid(s, a, 290, 246)
    _board(s, a, Slab(326, 3, 20, 80, 196, 222), ((26, 202, 22, 12), (54, 202, 8, 12), (66, 202, 8, 12)))
    _fan(s, a, 232)
    _coil(s, a, 168, 26, 7)
    _coil(s, a, 104, 40, 7)
    _slab(s, a, Slab(82, 5, 80, 90, 156, 176), GREEN)
    bend = a.at(118, 105, 128)
    s.rect(bend[0] - 1, bend[1] - 7, 13, 5, WHITE, INK, 0.6, 1.5)
    s.poly(
        [(bend[0] + 12, bend[1] - 4.5), (bend[0] + 22, bend[1] + 2), (bend[0] + 24, bend[1] + 14)],
        None,
        INK,
        0.7,
        closed=False,
    )
    _filter(s, a, 56)
    _grille(s, a, 0)
    _tank(s, a, 30, 156, -66)
    _cylinder(s, a, (66, 226, -66 + 60), 6, 12, WHITE)
    _axis(s, a, (66, 226, -14), (66, 226, 6))
    _balloons(s, a)


def _balloons(s: Sheet, a: Axes) -> None:
    k = a.scale

    def put(number: int, target: Point, dx: float, dy: float) -> None:
        balloon(s, number, target, (target[0] + dx * k, target[1] + dy * k))

    put(1, a.at(0, 14, 132), -14, -56)
    put(2, a.at(56, 16, 140), -18, -58)
    put(13, a.at(82, 85, 170), -8, -62)
    put(3, a.at(104, 22, 138), -14, -108)
    put(16, (a.at(118, 105, 128)[0] + 10, a.at(118, 105, 128)[1] - 5), 4, 156)
    put(4, a.at(168, 20, 138), -10, -96)
    put(5, a.at(232, 16, 142), -14, -72)
    put(9, a.at(290, 6, 252), -44, -14)
    put(10, a.at(326, 24, 214), -66, -6)
    put(8, a.at(420, 60, 150), 6, -58)
    put(14, a.at(372, 80, 84), 20, 118)
    put(7, a.at(334, 44, 40), -6, 96)
    put(15, a.at(310, 86, 34), 18, 100)
    put(6, a.at(290, 30, 4), -12, 66)
    put(11, a.at(30, 170, -40), -52, 24)
    put(12, a.at(66, 228, 2), 52, -22)
