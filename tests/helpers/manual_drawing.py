"""A small manual as a PDF: a table of contents with dots, a list with its introduction, one text on two pages."""

from __future__ import annotations

from pathlib import Path

import pymupdf
from make_pdfs import save

SECTIONS = (
    ("Unpacking the pump", 2),
    ("Setting the clock", 3),
    ("Descaling the boiler", 4),
    ("Storing it in winter", 5),
    ("Spare parts", 5),
)
WARNING = "Never open the boiler while it is hot, and let it cool down for at least thirty minutes before."

Item = tuple[str, int, str]  # text, size, font


def heading(text: str) -> Item:
    return text, 20, "hebo"


def words(text: str) -> Item:
    return text, 11, "helv"


def manual(folder: Path, name: str = "manual.pdf") -> Path:
    """Five pages; the warning stands on pages 2 and 4."""
    doc = pymupdf.open()
    _page(doc, heading("Contents"), *(words(f"{title} {'.' * (70 - len(title))} {n}") for title, n in SECTIONS))
    _page(
        doc,
        heading("Unpacking the pump"),
        words("Lift the pump out of its carton with two people and keep the straps."),
        words(WARNING),
    )
    _page(
        doc,
        heading("Setting the clock"),
        words("Set it as follows:"),
        words("1. Hold the left button for three seconds until the hours blink."),
        words("2. Turn the knob until the right hour is shown."),
        words("3. Press the knob to go on to the minutes."),
    )
    _page(
        doc,
        heading("Descaling the boiler"),
        words("Fill the tank with one litre of descaler and let it work for forty minutes."),
        words(WARNING),
    )
    _page(
        doc,
        heading("Storing it in winter"),
        words("Drain all hoses and keep the machine above five degrees."),
        heading("Spare parts"),
        words("The seal has the number FX-210 and is replaced each year."),
    )
    return save(doc, folder / name)


def _page(doc: pymupdf.Document, *items: Item) -> None:
    page, y = doc.new_page(), 80.0
    for text, size, font in items:
        page.insert_text((72, y), text, fontsize=size, fontname=font)
        y += size * 1.35 + 16
