"""An XLSX file as HTML, a chapter a sheet: its name and its cells, numbers and dates as they are shown.

Enters: an open package. Leaves: chapters and a page size they fit. Must not know: the PDF library, pages.
"""

from __future__ import annotations

import datetime
import re

from ingestion.office_package import A4, WIDEST, Element, Package, clean, table, whole

COLUMN = 70.0  # points a column takes
DATES = frozenset((*range(14, 23), *range(45, 48)))  # built-in number formats (ECMA-376, 18.8.30)
DATE_PARTS = re.compile(r"[ymdhs]", re.I)
NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
EPOCH = datetime.datetime(1899, 12, 30)  # day 0 of a sheet; right from 1 March 1900 on
LAST_DAY = 2_958_465.0  # 31 December 9999


def sheets(package: Package) -> tuple[list[str], tuple[float, float]]:
    """A workbook as a chapter a sheet, each its name and a table."""
    part = "xl/workbook.xml"
    targets = package.targets(part)
    shared = ["".join(t.text or "" for t in item.iter("t")) for item in package.tree("xl/sharedStrings.xml")]
    dates = _date_styles(package.tree("xl/styles.xml"))
    chapters, wide = [], 0
    for sheet in package.tree(part).iter("sheet"):
        rows = _rows(package.tree(targets.get(sheet.get("id", ""), "")), shared, dates)
        wide = max(wide, max((len(row) for row in rows), default=0))
        if rows:
            cells = table([[clean(cell) for cell in row] for row in rows])
            chapters.append(f"<h1>{clean(sheet.get('name', ''))}</h1>{cells}")
    return chapters, (min(WIDEST, max(A4[0], COLUMN * wide)), A4[1])


def _rows(sheet: Element, shared: list[str], dates: set[int]) -> list[list[str]]:
    """Rows and columns with something in them."""
    found: list[dict[int, str]] = []
    for row in sheet.iter("row"):
        cells: dict[int, str] = {}
        for position, cell in enumerate(row.iter("c")):
            said = _value(cell, shared, dates)
            if said:
                cells[_column(cell.get("r", ""), position)] = said
        if cells:
            found.append(cells)
    used = sorted({column for cells in found for column in cells})
    return [[cells.get(column, "") for column in used] for cells in found]


def _value(cell: Element, shared: list[str], dates: set[int]) -> str:
    kind, value = cell.get("t", "n"), cell.find("v")
    raw = (value.text or "") if value is not None else ""
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter("t"))
    if kind == "s":
        return shared[int(raw)] if raw.isdigit() and int(raw) < len(shared) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(raw, raw)
    return _shown(raw, whole(cell, "s", 0) in dates) if kind == "n" else raw


def _shown(raw: str, date: bool) -> str:
    """Dates as 2026-11-21; binary dust of other numbers rounded away."""
    try:
        value = float(raw)
    except ValueError:
        return raw
    if date and 0 < value <= LAST_DAY:
        moment = EPOCH + datetime.timedelta(seconds=round(value * 86_400))
        return moment.strftime("%H:%M" if value < 1 else "%Y-%m-%d %H:%M" if value % 1 else "%Y-%m-%d")
    return f"{value:.15g}" if "." in raw or "E" in raw.upper() else raw


def _date_styles(styles: Element) -> set[int]:
    """Numbers of the cell styles that show dates."""
    own = {whole(item, "numFmtId", -1): item.get("formatCode", "") for item in styles.iter("numFmt")}
    found = set()
    for number, style in enumerate(styles.find("cellXfs") or ()):
        code = whole(style, "numFmtId", 0)
        if code in DATES or DATE_PARTS.search(NO_DATE.sub("", own.get(code, ""))):
            found.add(number)
    return found


def _column(reference: str, position: int) -> int:
    """``"AB12"`` → 28."""
    letters = "".join(c for c in reference if c.isalpha() and c.isascii()).upper()
    number = 0
    for letter in letters[:3]:
        number = 26 * number + ord(letter) - 64
    return number or position + 1
