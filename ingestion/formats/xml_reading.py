"""XML of foreign files, read safely: no entity is expanded, nothing outside the file is opened."""

from __future__ import annotations

import re

from lxml import etree

from ingestion.errors import CorruptPdf

STRICT = {  # the two families of names of Office files: the rarer one is read as the usual one
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/": b"http://schemas.openxmlformats.org/drawingml/2006/",
}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCTYPE = re.compile(rb"<!DOCTYPE", re.I)
HEAD = 4096  # bytes in which a document type can stand


def read_xml(content: bytes, name: str) -> etree._Element:
    """The root. ``name`` stands in messages. Raises :class:`CorruptPdf` for what is not well formed or names
    entities, which Office files never do."""
    if DOCTYPE.search(content[:HEAD]):
        raise CorruptPdf(f"{name} has a document type of its own, which no Office program writes; save it as PDF")
    for strict, usual in STRICT.items():
        content = content.replace(strict, usual)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as exc:
        raise CorruptPdf(f"{name} is damaged ({str(exc)[:150]}); save it again in its program, or as PDF") from exc
    if root is None:
        raise CorruptPdf(f"{name} is empty; save it again in its program, or as PDF")
    return root


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and the like."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def named_like(element: etree._Element, name: str) -> str:
    """A name in the namespace of ``element``."""
    space = etree.QName(element).namespace
    return f"{{{space}}}{name}" if space else name


def unwrap(element: etree._Element) -> None:
    """Put an element's children in its place."""
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    drop(element)


def drop(element: etree._Element) -> None:
    """Remove an element, keeping the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def word_name(name: str) -> str:
    """An element's or attribute's name in the language of Word."""
    return f"{{{WORD}}}{name}"


def words_of(element: etree._Element | None) -> str:
    """The text of Word's runs, without spaces."""
    return "".join("".join(element.itertext(word_name("t"))).split()) if element is not None else ""


def all_of(root: etree._Element, *names: str) -> list[etree._Element]:
    """Elements of these names, at any depth."""
    return [element for element in root.iter() if local_name(element).lower() in names]


def whole(value: object) -> int | None:
    """A whole number, of at most six figures."""
    text = str(value or "").strip()
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else None
