"""Slides of a presentation as HTML: words, lists, tables, charts' values, pictures, equations; notes and comments
behind the last.

Each slide is one chapter, so that page and slide have the same number. python-pptx reads the file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.autoshape import Shape
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture

from ingestion.errors import CorruptPdf
from ingestion.formats.charts import READ as CHART_READ
from ingestion.formats.charts import chart
from ingestion.formats.diagrams import READ as DIAGRAM_READ
from ingestion.formats.diagrams import diagram
from ingestion.formats.equations import SMALL, lowered, omml, raised
from ingestion.formats.office_html import A4, Chapters, escaped, picture
from ingestion.formats.slide_order import in_reading_order
from ingestion.formats.xml_reading import LINKS, local_name, read_xml, unwrap

SIDES = (200.0, 3000.0)  # points of a slide; one beyond is shown on A4
SMALL_PRINT = (PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER)
SAID_ONCE = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER)
TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
POINTS = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT)
DRAWN_SHAPES = ("sp", "graphicFrame", "pic", "grpSp", "m", "oMath", "oMathPara", "r")  # of the newer alternative


class _Shown(NamedTuple):
    """A shape as HTML, and in words what of it is left out."""

    html: str
    lost: str = ""


def slides(path: Path) -> Chapters:
    """Titles first, the rest as it is read on the slide. A hidden slide is an empty page."""
    lost = Counter[str]()
    chapters: list[str] = []
    behind: list[str] = []
    footers: dict[str, None] = {}
    with path.open("rb") as file:
        show = pptx.Presentation(file)
        wide, high = ((side.pt if side is not None else 0.0) for side in (show.slide_width, show.slide_height))
        for number, slide in enumerate(show.slides, 1):
            if slide._element.get("show") in ("0", "false"):
                lost[f"hidden slide (number {number})"] += 1
                chapters.append("")
                continue
            _choose(slide._element)
            shapes = [part for shape in in_reading_order(slide.shapes) for part in _flat([shape])]
            shapes.sort(key=lambda shape: _place(shape) not in TITLES)
            shown = [_shape(shape) for shape in shapes]
            lost.update(part.lost for part in shown if part.lost)
            chapters.append("".join(part.html for part in shown))
            footers |= {said: None for shape in shapes if _place(shape) in SAID_ONCE and (said := _plain(shape))}
            title = " ".join(_plain(slide.shapes.title).split()) if slide.shapes.title is not None else ""
            behind += _said_about(slide, f"slide {number}{f': {title}' if title else ''}")
    behind = [f"<p>{escaped(said)}</p>" for said in footers] + behind
    if behind and any(chapters):
        chapters.append("".join(behind))
    usual = all(SIDES[0] <= side <= SIDES[1] for side in (wide, high))
    return Chapters(chapters, (wide, high) if usual else A4, lost)


def _plain(shape: Any) -> str:
    return "\n".join(_words(paragraph._p) for paragraph in shape.text_frame.paragraphs) if shape.has_text_frame else ""


def _said_about(slide: Any, which: str) -> Iterator[str]:
    """Speaker notes and comments of reviewers."""
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    notes = "".join(_lines(frame, "p")) if frame is not None else ""
    if notes:
        yield f"<h2>Notes to {escaped(which)}</h2>{notes}"
    comments = [said for link in slide.part.rels.values() if _is_comments(link) for said in _comments(link.target_part)]
    if comments:
        yield f"<h2>Comments on {escaped(which)}</h2>" + "".join(f"<p>{escaped(said)}</p>" for said in comments)


def _is_comments(link: Any) -> bool:
    return not link.is_external and str(link.reltype).endswith("/comments")


def _comments(part: Any) -> Iterator[str]:
    """Words of each, of both kinds of comments that PowerPoint has had."""
    try:
        root = read_xml(part.blob, str(part.partname))
    except CorruptPdf:
        yield "(a comment that cannot be read)"
        return
    for paragraph in root.iter():
        if local_name(paragraph) == "text":
            yield paragraph.text or ""
        elif local_name(paragraph) == "p":
            said = "".join(text.text or "" for text in paragraph.iter("{*}t"))
            if said.strip():
                yield said


def _choose(slide: Any) -> None:
    """Of two alternatives the newer, where it has words or shapes (equations are only there)."""
    for element in list(slide.iter("{*}AlternateContent")):
        choice = next((child for child in element if local_name(child) == "Choice"), None)
        fallback = next((child for child in element if local_name(child) == "Fallback"), None)
        newer = choice is not None and any(local_name(part) in DRAWN_SHAPES for part in choice)
        chosen = choice if newer or fallback is None else fallback
        for child in list(element):
            if child is not chosen:
                element.remove(child)
        if chosen is not None:
            unwrap(chosen)
        unwrap(element)


def _flat(shapes: Iterable[BaseShape]) -> Iterator[BaseShape]:
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from (part for inner in in_reading_order(shape.shapes) for part in _flat([inner]))
        else:
            yield shape


def _place(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _shape(shape: BaseShape) -> _Shown:
    place = _place(shape)
    if place in SMALL_PRINT:
        return _Shown("")
    if isinstance(shape, Picture):
        return _picture(shape)
    if isinstance(shape, GraphicFrame):
        if shape.has_chart:
            part = shape.chart.part
            drawn = chart(part.blob, str(part.partname))
            return _Shown(drawn, CHART_READ if drawn else "chart")
        about = next((part for part in shape._element.iter() if local_name(part) == "relIds"), None)
        if about is not None:
            return _diagram(shape, str(about.get(f"{{{LINKS}}}dm", "")))
        embedded = any(local_name(part) == "oleObj" for part in shape._element.iter())
        return _Shown(_table(shape.table) if shape.has_table else "", "embedded object" if embedded else "")
    if not isinstance(shape, Shape):
        return _Shown("")
    if place in TITLES:
        said = " ".join(_plain(shape).split())
        return _Shown(f"<h1>{escaped(said)}</h1>" if said else "")
    lines = "".join(_lines(shape.text_frame, "li" if place in POINTS else "p"))
    return _Shown(f"<ul>{lines}</ul>" if lines and place in POINTS else lines)


def _diagram(shape: GraphicFrame, link: str) -> _Shown:
    try:
        part = shape.part.related_part(link)
    except KeyError:  # of a link that is missing
        return _Shown("", "diagram")
    drawn = diagram(part.blob, str(part.partname))
    return _Shown(drawn, DIAGRAM_READ if drawn else "diagram")


def _picture(shape: Picture) -> _Shown:
    try:
        content = shape.image.blob
    except (ValueError, KeyError):  # python-pptx's for what lies outside the file, or is missing
        return _Shown("", "picture (linked or missing)")
    sides = [side.pt for side in (shape.width, shape.height) if side]
    drawn = picture(content, (sides[0], sides[1]) if len(sides) == 2 else None)
    inside = " ".join(f'{name}="{value}"' for name, value in drawn.attributes.items())
    return _Shown(f"<p><img {inside}/></p>" if inside else "", drawn.lost)


def _table(grid: Any) -> str:
    """With the spans of its cells; the first row is the header."""
    lines = []
    for number, row in enumerate(grid.rows):
        tag = "th" if number == 0 and len(grid.rows) > 1 else "td"
        cells = ""
        for cell in row.cells:
            if cell.is_spanned:
                continue
            spans = ""
            if cell.is_merge_origin:
                spans += f' colspan="{cell.span_width}"' * (cell.span_width > 1)
                spans += f' rowspan="{cell.span_height}"' * (cell.span_height > 1)
            cells += f"<{tag}{spans}>{''.join(_lines(cell.text_frame, 'p'))}</{tag}>"
        lines.append(f"<tr>{cells}</tr>")
    return f"<table>{''.join(lines)}</table>" if lines else ""


def _lines(frame: Any, tag: str) -> Iterator[str]:
    """Paragraphs that say something."""
    for paragraph in frame.paragraphs:
        text = _words(paragraph._p)
        if text.strip():
            said = "<br/>".join(escaped(line) for line in text.split("\v"))
            yield f"<{tag}>{said}</{tag}>"


def _words(paragraph: Any) -> str:
    """Runs, fields and equations of a paragraph; a line break as a vertical tab."""
    said = ""
    for part in paragraph:
        name = local_name(part)
        if name == "br":
            said += "\v"
        elif name in ("r", "fld"):
            said += _run(part)
        elif name in ("oMath", "oMathPara"):
            said += omml(part)
        elif name == "m":  # the wrapper that PowerPoint puts round equations
            said += "".join(omml(child) for child in part)
    return said


def _run(run: Any) -> str:
    text = "".join(child.text or "" for child in run if local_name(child) == "t")
    about = next((child for child in run if local_name(child) == "rPr"), None)
    baseline = str(about.get("baseline", "0")) if about is not None else "0"
    if baseline.strip("-").rstrip("%") not in ("", "0") and SMALL.fullmatch(text.strip()):
        mark = lowered if baseline.startswith("-") else raised
        return text.replace(text.strip(), mark(text))
    return text
