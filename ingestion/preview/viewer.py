"""A page for a browser that shows what was understood: every page's picture beside its elements.

The pictures, with boxes, lie in ``boxes/``. The page needs no script and no network, and everything that a document
says is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from ingestion.elements import BBox, Cell, Document, Element, Page
from ingestion.preview.draw import COLOURS
from ingestion.preview.report import on_page, problems_of, summary

STYLE = """
body { margin: 0; font: 15px/1.45 system-ui, sans-serif; color: #1c1c1c; background: #f3f3f1; }
header { padding: 1rem 1.5rem; background: #fff; border-bottom: 1px solid #ddd; }
h1 { margin: 0; font-size: 1.3rem; }
nav a { display: inline-block; min-width: 1.6em; padding: .1em .25em; text-align: center; }
section { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.5rem; padding: 1.5rem; }
h2 { grid-column: 1 / -1; margin: 0; font-size: 1.05rem; }
.sheet { position: sticky; top: 1rem; align-self: start; }
.sheet img { display: block; width: 100%; border: 1px solid #ccc; background: #fff; }
.sheet a { position: absolute; }
.sheet a:hover, .sheet a:target { outline: 4px solid #ffb300; background: #ffb30030; }
ol { list-style: none; margin: 0; padding: 0; }
li { margin: 0 0 .6rem; padding: .4rem .7rem; background: #fff; border-left: 5px solid; overflow-wrap: anywhere; }
li:target { background: #fff3d0; }
li b a { color: inherit; }
li p { margin: .2rem 0; white-space: pre-wrap; }
li img { max-width: 100%; max-height: 18rem; }
.more { color: #666; font-size: .9em; }
.wrong { color: #a40000; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: .9em; }
td, th { border: 1px solid #bbb; padding: .1em .4em; text-align: left; vertical-align: top; }
@media (max-width: 60rem) { section { grid-template-columns: 1fr; } .sheet { position: relative; } }
"""


def as_html(document: Document) -> str:
    """The whole file. Paths in it are relative to the document's folder."""
    colours = "\n".join(f".{kind} {{ border-color: rgb{colour}; }}" for kind, colour in COLOURS.items())
    links = " ".join(f'<a href="#p{page.number}">{page.number}</a>' for page in document.pages)
    return "\n".join(
        [
            '<!doctype html>\n<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' file:; "
            "style-src 'unsafe-inline'\">",
            f"<title>{escape(document.name)}</title><style>{STYLE}{colours}</style></head><body>",
            f"<header><h1>{escape(document.title)}</h1><p>{escape(summary(document))}</p><nav>{links}</nav></header>",
            *(_page(document, page) for page in document.pages),
            "</body></html>\n",
        ]
    )


def _page(document: Document, page: Page) -> str:
    elements = on_page(document, page)
    label = f" ({escape(page.label)})" if page.label and page.label != str(page.number) else ""
    turned = f", rotated {page.rotation}°" if page.rotation else ""
    return "\n".join(
        [
            f'<section id="p{page.number}">',
            f"<h2>Page {page.number}{label}, {page.width:g} × {page.height:g} points{turned}</h2>",
            f'<div><div class="sheet">{_sheet(page, elements)}</div></div>',
            "<div>",
            *(f'<p class="wrong">{escape(f"{stage}: {text}")}</p>' for stage, text in problems_of(document, page)),
            f"<ol>{''.join(_entry(element) for element in elements) or 'nothing'}</ol>",
            "</div></section>",
        ]
    )


def _sheet(page: Page, elements: Sequence[Element]) -> str:
    if not page.image:
        return '<p class="wrong">There is no picture of this page.</p>'
    picture = f'<img src="boxes/{page.number:04d}.png" alt="page {page.number}" loading="lazy">'
    return picture + "".join(_hotspot(page, element) for element in elements)


def _hotspot(page: Page, element: Element) -> str:
    """A place on the picture that leads to the element, and lights up when the element leads here."""
    box, name = element.region.bbox, _name(element)
    return f'<a id="b{name}" href="#e{name}" title="{element.order} {element.kind}" style="{_place(box, page)}"></a>'


def _place(box: BBox, page: Page) -> str:
    x, y = 100 / page.width, 100 / page.height
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return f"left:{box.x0 * x:.2f}%;top:{box.y0 * y:.2f}%;width:{wide * x:.2f}%;height:{high * y:.2f}%"


def _entry(element: Element) -> str:
    name = _name(element)
    parts = [f'<b><a href="#b{name}">{element.order} {element.kind}</a></b>']
    if element.heading:
        parts.append(f' <span class="more">{escape(element.heading)}</span>')
    if element.continues is not None:
        before = f"{element.region.page - 1}-{element.continues}"
        parts.append(f' <a class="more" href="#e{before}">continues {element.continues} of the page before</a>')
    if element.caption:
        parts.append(f"<p><i>{escape(element.caption)}</i></p>")
    if element.image:
        parts.append(f'<p><img src="{escape(element.image)}" alt="{element.kind}" loading="lazy"></p>')
    if element.cells:
        parts.append(f"<table>{''.join(_rows(element.cells))}</table>")
    elif element.text:
        parts.append(f"<p>{escape(element.text)}</p>")
    return f'<li id="e{name}" class="{element.kind}">{"".join(parts)}</li>'


def _rows(cells: Sequence[Cell]) -> Iterator[str]:
    for row in sorted({cell.row for cell in cells}):
        inside = sorted((cell for cell in cells if cell.row == row), key=lambda cell: cell.column)
        yield f"<tr>{''.join(_cell(cell) for cell in inside)}</tr>"


def _cell(cell: Cell) -> str:
    tag = "th" if cell.header else "td"
    spans = f' rowspan="{cell.rows}"' * (cell.rows > 1) + f' colspan="{cell.columns}"' * (cell.columns > 1)
    return f"<{tag}{spans}>{escape(cell.text)}</{tag}>"


def _name(element: Element) -> str:
    return f"{element.region.page}-{element.order}"
