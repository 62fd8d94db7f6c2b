"""Web pages, e-books and HTML of Office files, changed where the PDF library would lose something.

MuPDF 1.28 draws no borders that a book does not ask for, numbers every list 1, 2, 3, knows no MathML or ruby, and
writes "[image]" for a picture it is not given. So ``<ol start="4"><li>close`` becomes an
item without a mark that says "4. close", and an equation a line of text.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from ingestion.formats.equations import SMALL, lowered, mathml, raised
from ingestion.formats.html_blocks import blocks_of_html, formulas_once
from ingestion.formats.html_tables import improve_tables
from ingestion.formats.word.numbering import written
from ingestion.formats.xml_reading import all_of as _all
from ingestion.formats.xml_reading import drop, local_name, named_like
from ingestion.formats.xml_reading import whole as _whole

MOST_BYTES = 50 * 2**20  # of one chapter
MOST_ALL = 500 * 2**20  # of all parts of a book, unpacked
XHTML = "http://www.w3.org/1999/xhtml"
FORMS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
HEAD = 20_000  # characters of a chapter, in which it can define entities of its own
CHAPTERS = (".xhtml", ".html", ".htm")
ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")
OWN_ENTITIES = ("amp", "lt", "gt", "quot", "apos")  # of XML itself
OWN_NAMES = re.compile(r"""<!ENTITY\s+([\w.-]{1,60})\s+(?:"([^"&<]{1,1000})"|'([^'&<]{1,1000})')\s*>""")
TICK = "\N{HEAVY CHECK MARK}"
UNSAID = ("hidden", "password", "checkbox", "radio", "file", "image", "color", "range")
"""Kinds of fields whose value is no text of the page."""
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.I)
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")


class WebPage(NamedTuple):
    """HTML in UTF-8, and how many of its pictures are not in the file."""

    content: bytes
    lost_pictures: int = 0


def web_page(content: bytes) -> WebPage:
    """A page as HTML in UTF-8 without scripts; as it came where it has no text."""
    root = _html(decoded(content))
    if root is None:
        return WebPage(content)
    for element in list(root.iter("script", "template")):
        drop(element)
    for meta in list(root.iter("meta")):
        if meta.get("charset") or str(meta.get("http-equiv", "")).lower() == "content-type":
            drop(meta)
    formulas_once(root)  # their pictures are none that is lost
    lost = _name_pictures(root)
    improve(root)
    return WebPage(_written_html(root), lost)


def office_page(content: bytes) -> bytes:
    """The HTML of an Office file; its tables have borders already."""
    root = _html(content.decode("utf-8"))
    if root is None:
        return content
    improve(root)
    return _written_html(root)


def epub(content: bytes) -> bytes:
    """An EPUB with its chapters improved. One that is damaged stays as it is; what to say of it is the reader's."""
    held = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(held, "w") as improved:
            parts = {part.filename: part for part in book.infolist()}
            if sum(part.file_size for part in parts.values()) > MOST_ALL:
                return content
            changed = False
            for name, part in parts.items():
                said = book.read(part)
                better = _chapter(said) if name.lower().endswith(CHAPTERS) and len(said) <= MOST_BYTES else None
                changed = changed or better is not None
                improved.writestr(name, said if better is None else better)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError, OSError):
        return content
    return held.getvalue() if changed else content


def _chapter(content: bytes) -> bytes | None:
    """Its new bytes; None where nothing changes or it is not XML."""
    text = DECLARED.sub("", decoded(content))
    own = {name: one or other for name, one, other in OWN_NAMES.findall(text[:HEAD])}
    known = ENTITY.sub(lambda found: own.get(found[1]) or _entity(found), text)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(known.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None or not (improve(root) or own):
        return None
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _entity(found: re.Match[str]) -> str:
    return found[0] if found[1] in OWN_ENTITIES else html.unescape(found[0])


def decoded(content: bytes) -> str:
    """By its mark, else as UTF-8, else by what it says of itself, else as browsers do."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = CHARSET.search(content[:4096])
        try:
            return content.decode(said[1].decode("ascii") if said else "cp1252", "replace")
        except LookupError:
            return content.decode("cp1252", "replace")


def _html(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8", remove_comments=True)
    try:
        return etree.fromstring(DECLARED.sub("", text).encode(), parser)
    except etree.XMLSyntaxError:  # nothing in it
        return None


def _written_html(root: etree._Element) -> bytes:
    head = root.find("head")
    if head is None:
        head = etree.Element("head")
        root.insert(0, head)
    if not any(meta.get("charset") for meta in head.iter("meta")):
        head.insert(0, etree.Element("meta", charset="utf-8"))
    return b"<!DOCTYPE html>" + bytes(etree.tostring(root, method="html", encoding="utf-8"))


def _name_pictures(root: etree._Element) -> int:
    """Put the page's own words in place of pictures that are not in the file. How many there are."""
    count = 0
    for image in list(root.iter("img")):
        if str(image.get("src", "")).startswith("data:"):
            continue
        said = " ".join(str(image.get("alt", "")).split())
        count += 1
        image.tail = f" [{said}] {image.tail or ''}" if said else image.tail
        drop(image)
    return count


def improve(root: etree._Element) -> int:
    """Everything that is lost otherwise, in place. How many things were changed."""
    steps: Sequence[Callable[[etree._Element], int]] = (
        blocks_of_html,
        _equations,
        _ruby,
        _ways_back,
        _forms,
        _small_figures,
        _struck,
        _lists,
        _summaries,
        improve_tables,
    )
    return sum(step(root) for step in steps)


def _replace(element: etree._Element, text: str) -> None:
    element.tail = text + (element.tail or "")
    drop(element)


def _equations(root: etree._Element) -> int:
    found = [element for element in _all(root, "math") if local_name(element) == "math"]
    for element in found:
        said = mathml(element)
        if element.get("display") == "block" and said:
            _as_line(element, said)
        else:
            _replace(element, said)
    return len(found)


def _as_line(element: etree._Element, text: str) -> None:
    """A text in place of an element, on a line of its own."""
    tail, name = element.tail, named_like(element, "div")
    element.clear()
    element.tag, element.text, element.tail = f"{{{XHTML}}}div" if name.startswith("{") else "div", text, tail
    element.set("style", "margin: 0.5em 0")


def _ruby(root: etree._Element) -> int:
    """A word, and behind it its reading in brackets: one of several parts stays one word."""
    found = _all(root, "ruby")
    for element in found:
        readings = [" ".join("".join(reading.itertext()).split()) for reading in _all(element, "rt")]
        for part in _all(element, "rp", "rt"):
            drop(part)
        read = "".join(readings)
        if read:
            etree.SubElement(element, named_like(element, "span")).text = f"({read})"
    return len(found)


def _ways_back(root: etree._Element) -> int:
    """The arrows from a note back to its sign are for browsers; what they say is drawn as a hole."""
    found = [link for link in _all(root, "a") if link.get("role") == "doc-backlink" or "footnote-back" in _class(link)]
    for link in found:
        _replace(link, "")
    return len(found)


def _class(element: etree._Element) -> str:
    return str(element.get("class", ""))


def _forms(root: etree._Element) -> int:
    """What is filled in: values of fields and buttons, and lists to choose from with a tick at what is chosen."""
    found = _all(root, "input", "select", "textarea")
    for element in found:
        name = local_name(element).lower()
        if name == "select":
            options = _all(element, "option")
            chosen = [option.get("selected") is not None for option in options]
            words = [" ".join("".join(option.itertext()).split()) for option in options]
            said = [f"{TICK} {word}" if ticked else word for word, ticked in zip(words, chosen, strict=True) if word]
            _replace(element, f" {' / '.join(said)} ")
        elif name == "textarea":
            _replace(element, f" {''.join(element.itertext())} ")
        elif str(element.get("type", "text")).lower() not in UNSAID and element.get("value"):
            _replace(element, f" {element.get('value')} ")
    return len(found)


def _small_figures(root: etree._Element) -> int:
    changed = 0
    for element in _all(root, "sup", "sub"):
        said = (element.text or "").strip()
        if len(element) == 0 and SMALL.fullmatch(said):
            _replace(element, (raised if local_name(element).lower() == "sup" else lowered)(said))
            changed += 1
    return changed


def _struck(root: etree._Element) -> int:
    """What is struck through, as Markdown writes it: the line through it says that it is not valid."""
    found = [
        e for e in _all(root, "del", "s", "strike") if "".join(e.itertext()).strip() and not _all(e, "table", "p", "li")
    ]
    for element in found:
        element.text = f"~~{element.text or ''}"
        if len(element):
            element[-1].tail = f"{element[-1].tail or ''}~~"
        else:
            element.text += "~~"
    return len(found)


def _lists(root: etree._Element) -> int:
    """Lists with letters, or that do not count from one, have their numbers as text; a point that only holds another
    list has none."""
    changed = 0
    for point in _all(root, "li"):
        if len(point) and not (point.text or "").strip() and local_name(point[0]).lower() in ("ul", "ol"):
            _hide_sign(point)
            changed += 1
    for element in _all(root, "ol"):
        points = [child for child in element if local_name(child).lower() == "li"]
        form = FORMS.get(str(element.get("type", "1")), "decimal")
        start = _whole(element.get("start"))
        if form == "decimal" and start in (None, 1) and not any(_whole(point.get("value")) for point in points):
            continue
        down = element.get("reversed") is not None
        number = start if start is not None else len(points) if down else 1
        for point in points:
            value = _whole(point.get("value"))
            number = value if value is not None else number
            _say_first(point, f"{written(number, form)}. ")
            _hide_sign(point)
            number += -1 if down else 1
        changed += 1
    return changed


def _hide_sign(point: etree._Element) -> None:
    point.set("style", f"{point.get('style', '')}; list-style-type: none".lstrip("; "))


def _summaries(root: etree._Element) -> int:
    """What a browser shows of a folded part stands on a line of its own."""
    found = _all(root, "summary")
    for element in found:
        element.tag = named_like(element, "p")
    return len(found)


def _say_first(point: etree._Element, text: str) -> None:
    """Before its first words, within its first paragraph."""
    while not (point.text or "").strip() and len(point) and local_name(point[0]).lower() in ("p", "div", "span"):
        point = point[0]
    point.text = text + (point.text or "").lstrip()
