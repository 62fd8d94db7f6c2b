"""Alternatives, text boxes and grouped pictures of Word, put where its reader (mammoth 1.13) finds them, in place."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from lxml import etree

from ingestion.formats.xml_reading import LINKS, WORD, local_name, unwrap
from ingestion.formats.xml_reading import word_name as _w
from ingestion.formats.xml_reading import words_of as _words

MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
VML = "urn:schemas-microsoft-com:vml"


def plain_shapes(root: etree._Element) -> None:
    """Of alternatives the older, which the reader knows, where it has the text; else the text boxes and pictures of
    the newer as if they were the older."""
    for element in list(root.iter(f"{{{MARKUP}}}AlternateContent")):
        fallback = element.find(f"{{{MARKUP}}}Fallback")
        choice = element.find(f"{{{MARKUP}}}Choice")
        old, new = _words(fallback), _words(choice)
        if choice is not None and (fallback is None or len(old) < len(new)):
            for child in list(element):
                element.remove(child)
            for child in list(choice):
                element.append(child)
        elif fallback is not None:
            for child in list(element):
                element.remove(child)
            for child in list(fallback):
                element.append(child)
        unwrap(element)
    for drawing in list(root.iter(_w("drawing"))):
        boxes = [box for box in drawing.iter(_w("txbxContent")) if _outermost(box, drawing)]
        grouped = [b for b in drawing.iter("{*}blip") if not _plainly_placed(b)]
        parent = drawing.getparent()
        if parent is None or not (boxes or grouped):
            continue
        place = parent.index(drawing) + 1
        for blip in grouped:
            parent.insert(place, _picture(blip))
        for box in reversed(boxes):
            shape = etree.SubElement(etree.Element(_w("pict")), f"{{{VML}}}shape")
            etree.SubElement(shape, f"{{{VML}}}textbox").append(box)
            holder = shape.getparent()
            assert holder is not None
            parent.insert(place, holder)


def _outermost(box: etree._Element, drawing: etree._Element) -> bool:
    return not any(local_name(holder) == "txbxContent" for holder in _between(box, drawing))


def _between(element: etree._Element, top: etree._Element) -> Iterator[etree._Element]:
    for holder in element.iterancestors():
        if holder is top:
            return
        yield holder


def _plainly_placed(blip: etree._Element) -> bool:
    """Whether a picture stands where the reader looks for one, or in a text box, which is read by itself."""
    names = [local_name(holder) for holder in blip.iterancestors()]
    return names[2:3] == ["graphicData"] or "txbxContent" in names


def _picture(blip: etree._Element) -> etree._Element:
    """A picture of a group as one in the line."""
    key = blip.get(f"{{{LINKS}}}embed") or blip.get(f"{{{LINKS}}}link") or ""
    how = "embed" if blip.get(f"{{{LINKS}}}embed") else "link"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    return etree.fromstring(
        f'<w:drawing xmlns:w="{WORD}" xmlns:wp="{drawing}/wordprocessingDrawing" xmlns:a="{drawing}/main" '
        f'xmlns:pic="{drawing}/picture" xmlns:r="{LINKS}"><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        f"<a:blip r:{how}={quoteattr(key)}/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing>"
    )
