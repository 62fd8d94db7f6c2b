"""A PPTX file as HTML, a chapter a slide: titles, points, tables, pictures, in the file's order.

Enters: an open package. Leaves: chapters and the slides' size. Must not know: the PDF library, pages.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.office_package import A4, PICTURE, POINT, WIDEST, Element, Package, chosen, clean, size_of, table, whole


def slides(package: Package) -> tuple[list[str], tuple[float, float]]:
    """A presentation as a chapter a slide, on pages of its size."""
    part = "ppt/presentation.xml"
    root, targets = package.tree(part), package.targets(part)
    shown = [targets.get(item.get("id", ""), "") for item in root.iter("sldId")]
    # both attributes are called id: the plain one is a number, the other names the part
    shown = [targets[value] for item in root.iter("sldId") for value in item.attrib.values() if value in targets]
    sized = root.find("sldSz")
    size = (whole(sized, "cx", 0) / POINT, whole(sized, "cy", 0) / POINT)
    fits = all(200 <= side <= WIDEST for side in size)
    return [_slide(package, name) for name in dict.fromkeys(shown)], size if fits else A4


def _slide(package: Package, part: str) -> str:
    tree = package.tree(part).find("cSld/spTree")
    shapes = list(_shapes(package, tree, package.targets(part))) if tree is not None else []
    return "".join(html for html in [*(h for first, h in shapes if first), *(h for first, h in shapes if not first)])


def _shapes(package: Package, parent: Element, targets: dict[str, str]) -> Iterator[tuple[bool, str]]:
    """(whether it is the title, HTML) of the shapes in a group, in the file's order."""
    for shape in chosen(parent):
        if shape.tag == "grpSp":
            yield from _shapes(package, shape, targets)
        elif shape.tag == "pic":
            blip, extent = shape.find("blipFill/blip"), shape.find("spPr/xfrm/ext")
            size = size_of(extent, "cx", "cy", PICTURE) if extent is not None else None
            part = targets.get(blip.get("embed", ""), "") if blip is not None else ""
            yield False, f"<p>{package.picture(part, size)}</p>"
        elif shape.tag == "graphicFrame":
            rows = [[_said(cell, False) for cell in row.iter("tc")] for row in shape.iter("tr")]
            yield False, table(rows)
            for data in shape.iter("graphicData"):
                package.lose(data.get("uri", ""))
        elif shape.tag == "sp":
            place = shape.find("nvSpPr/nvPr/ph")
            kind = place.get("type", "body") if place is not None else ""
            if kind not in ("sldNum", "dt", "ftr", "hdr"):
                title = kind in ("title", "ctrTitle")
                said = _said(shape, kind == "body")
                yield title, f"<h1>{clean(_plain(shape))}</h1>" if title and said else said


def _said(shape: Element, bullets: bool) -> str:
    lines = [_line(paragraph) for paragraph in shape.iter("p")]
    if bullets:
        return "".join(f"<ul><li>{line}</li></ul>" for line in lines if line.strip())
    return "".join(f"<p>{line}</p>" for line in lines if line.strip())


def _line(paragraph: Element) -> str:
    said = [item for item in paragraph.iter() if item.tag in ("t", "br")]
    return "".join("<br/>" if item.tag == "br" else clean(item.text or "") for item in said)


def _plain(shape: Element) -> str:
    return " ".join(item.text or "" for item in shape.iter("t"))
