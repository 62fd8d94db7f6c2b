"""Charts of Office files as tables of their values: the program draws them anew, the file keeps the numbers.

Title, names of the axes, series and categories come from the values that the chart's part stores beside the references
to cells (ECMA-376 part 1, 21.2). What is drawn is not taken over.

Example: a column chart of two halls in two years becomes a table with the columns "", "2030" and "2031".
"""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Sequence

from lxml import etree

from ingestion.errors import CorruptPdf
from ingestion.formats.number_formats import shown
from ingestion.formats.office_html import escaped
from ingestion.formats.xml_reading import local_name, read_xml

CHART = re.compile(r"(word|ppt|xl)/charts/chart(\d*)\.xml")
READ = "picture of a chart (its values are read)"  # what is said to be left out
FIRST_DAY = datetime.datetime(1899, 12, 30)  # from which Office counts days, but for the leap year that 1900 was not
LAST_DAY = 2_958_465  # the end of the year 9999
MOST_ROWS = 2000  # of one chart
DATE = re.compile(r"[yd]", re.I)  # in a format without what is quoted: a day, not a number
QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
CACHES = ("strCache", "numCache", "strLit", "numLit")

Row = list[str]


def charts_in(file: zipfile.ZipFile) -> list[str]:
    """Every chart of a file as HTML, in the order of their numbers; nothing for one that stores no values."""
    found = [(int(match[2] or 0), match[0]) for name in file.namelist() if (match := CHART.fullmatch(name))]
    return [chart(file.read(name), name) for _, name in sorted(found)]


def chart(content: bytes, name: str) -> str:
    """One chart's part as HTML: its title and a table, or nothing where it stores no values or cannot be read."""
    try:
        root = read_xml(content, name)
    except CorruptPdf:
        return ""
    plot = next(root.iter("{*}plotArea"), None)
    series = list(plot.iter("{*}ser")) if plot is not None else []
    if plot is None or not series:
        return ""
    by_value = [ser for ser in series if _child(ser, "yVal") is not None]
    tables = [_points(ser, plot) for ser in by_value] if by_value else [_categories(series, plot)]
    drawn = "".join(_table(rows) for rows in tables if len(rows) > 1)
    title = _title(next(root.iter("{*}chart"), root))
    return f"<p>Chart{f': {escaped(title)}' if title else ''}</p>{drawn}" if drawn else ""


def _categories(series: Sequence[etree._Element], plot: etree._Element) -> list[Row]:
    names = [_name(ser, number) for number, ser in enumerate(series, 1)]
    labels: dict[int, str] = {}
    for ser in series:
        labels = _values(_child(ser, "cat")) | labels
    columns = [_values(_child(ser, "val")) for ser in series]
    places = sorted(set(labels).union(*columns))[:MOST_ROWS]
    axis = _axis(plot, ("catAx", "dateAx", "serAx"), 0)
    rows = [[labels.get(place, str(place + 1)), *(column.get(place, "") for column in columns)] for place in places]
    return [[axis, *names], *rows]


def _points(ser: etree._Element, plot: etree._Element) -> list[Row]:
    x, y = _values(_child(ser, "xVal")), _values(_child(ser, "yVal"))
    sizes = _values(_child(ser, "bubbleSize"))
    head = [_axis(plot, ("valAx", "dateAx"), 0) or "x", _name(ser, 1), *(["size"] if sizes else [])]
    places = sorted(set(x) | set(y))[:MOST_ROWS]
    rows = [[x.get(i, str(i + 1)), y.get(i, ""), *([sizes.get(i, "")] if sizes else [])] for i in places]
    return [head, *rows]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if local_name(child) == name), None)


def _name(ser: etree._Element, number: int) -> str:
    said = list(_values(_child(ser, "tx")).values())
    tx = _child(ser, "tx")
    plain = _child(tx, "v") if tx is not None else None
    return " ".join(said) or (plain.text or "" if plain is not None else "") or f"series {number}"


def _axis(plot: etree._Element, kinds: Sequence[str], place: int) -> str:
    """What the axis of categories is called."""
    axes = [child for child in plot if local_name(child) in kinds]
    return _title(axes[place]) if len(axes) > place else ""


def _title(element: etree._Element) -> str:
    held = _child(element, "title")
    if held is None:
        return ""
    said = "".join(text.text or "" for text in held.iter("{*}t")) or " ".join(_values(held).values())
    return " ".join(said.split())


def _values(element: etree._Element | None) -> dict[int, str]:
    """The stored values below an element, by their place; the levels of a category are joined."""
    found: dict[int, str] = {}
    levels = [] if element is None else [part for part in element.iter() if local_name(part) in ("lvl", *CACHES)]
    for level in levels:
        form = next((part.text or "" for part in level if local_name(part) == "formatCode"), "")
        for point in (part for part in level if local_name(part) == "pt"):
            place, held = int(point.get("idx", "0")), next((v.text or "" for v in point if local_name(v) == "v"), "")
            own = _shown(held, str(point.get("formatCode") or form))
            found[place] = f"{own} / {found[place]}" if place in found else own
    return found


def _shown(held: str, form: str) -> str:
    try:
        number = float(held)
    except ValueError:
        return held
    if not form or form == "General":
        return held
    if DATE.search(QUOTED.sub("", form)) and 0 < number <= LAST_DAY:
        day = FIRST_DAY + datetime.timedelta(days=number)
        return day.strftime("%Y-%m-%d %H:%M" if number % 1 else "%Y-%m-%d")
    return shown(number, form)


def _table(rows: Sequence[Row]) -> str:
    lines = ["".join(f"<{tag}>{escaped(said)}</{tag}>" for said in row) for tag, row in _tagged(rows)]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"


def _tagged(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    return [("th" if number == 0 else "td", row) for number, row in enumerate(rows)]
