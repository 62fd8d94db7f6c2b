"""The cover of the service manual: an aurora, the front of the unit, the title.

Enters: a sheet and its margins. Leaves: shapes and text. Must not know: the other pages.
"""

from __future__ import annotations

from reportlab.lib.colors import HexColor

from . import manual_text as words
from .pen import GREY, NAVY, RED, TEAL, WHITE
from .sheet import Sheet


def draw(s: Sheet, left: float, right: float) -> None:
    s.outline(0, "Cover")
    s.rect(0, 0, s.width, 560, fill=NAVY)
    s.canvas.saveState()
    for i, color in enumerate((HexColor("#1BA39C"), HexColor("#2FC4A0"), HexColor("#3E8EDE"), HexColor("#6BE3B5"))):
        s.canvas.setFillColor(color)
        s.canvas.setFillAlpha(0.20)
        base = s.height - 150 - i * 54
        path = s.canvas.beginPath()
        path.moveTo(0, base)
        path.curveTo(150, base + 130 - i * 18, 310, base - 120 + i * 22, s.width, base + 70 - i * 30)
        path.lineTo(s.width, base - 28 - i * 12)
        path.curveTo(330, base - 190 + i * 16, 170, base + 60 - i * 14, 0, base - 90)
        path.close()
        s.canvas.drawPath(path, stroke=0, fill=1)
    s.canvas.restoreState()
    s.text(left, 74, words.MAKER.upper(), "Helvetica-Bold", 9.5, WHITE, spacing=2.2)
    s.text(left, 138, "AURORA", "Helvetica-Bold", 54, WHITE, spacing=3)
    s.text(left, 196, "800", "Helvetica", 54, HexColor("#7FE0C4"), spacing=3)
    _unit(s, 322, 196, 176, 300)
    s.text(left, 622, "Service manual", "Helvetica-Bold", 30, NAVY)
    s.text(left, 648, "Compressor dehumidifier for cellars, archives and workshops", size=12, color=GREY)
    s.line(left, 668, left + 70, 668, TEAL, 2.4)
    for i, (name, value) in enumerate(
        (
            ("Model", "AR-800"),
            ("Serial numbers", "from AR8-25-000001"),
            ("Refrigerant", "R290, 85 g"),
            ("Supply", "220–240 V, 50 Hz"),
        )
    ):
        s.text(left, 698 + i * 17, name, "Helvetica-Bold", 9.5, NAVY)
        s.text(left + 96, 698 + i * 17, value, size=9.5)
    s.text(left, 806, words.EDITION, size=8.5, color=GREY)
    s.text(right, 806, "For qualified technicians only", "Helvetica-Bold", 8.5, RED, "right")


def _unit(s: Sheet, x: float, y: float, w: float, h: float) -> None:
    """The front of the unit in white lines."""
    for dx in (26, w - 26):
        s.circle(x + dx, y + h + 7, 8, NAVY, WHITE, 1.3)
    s.rect(x, y, w, h, HexColor("#17364F"), WHITE, 1.8, 16)
    s.rect(x + 16, y + 14, w - 32, 30, NAVY, WHITE, 0.9, 6)
    for i, color in enumerate(("#2FB457", "#E0392B", "#F2A516", "#2F7FE0")):
        s.circle(x + 30 + i * 13, y + 29, 3, HexColor(color), None)
    s.text(x + w - 26, y + 33, "52 % RH", "Helvetica-Bold", 10, HexColor("#7FE0C4"), "right")
    for i in range(18):
        s.line(x + 22, y + 66 + i * 8, x + w - 22, y + 66 + i * 8, WHITE, 0.9)
    s.rect(x + 22, y + 222, w - 44, h - 240, NAVY, WHITE, 1, 5)
    s.rect(x + w / 2 - 22, y + 230, 44, 8, None, WHITE, 0.9, 4)
    s.text(x + w / 2, y + 262, "6.5 L", size=9, color=WHITE, align="centre")
