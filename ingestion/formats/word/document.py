"""A Word file made ready for its reader: what mammoth 1.13 leaves out is put where it reads it.

Headers and footers come once, at the start; fields, equations, ruby, text boxes and unknown wrappers become plain
runs, small raised figures characters; rows are made whole and headings get their numbers. What is hidden is taken out
and counted. The file is rewritten in memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from copy import deepcopy
from pathlib import Path

from lxml import etree

from ingestion.errors import CorruptPdf
from ingestion.formats.equations import SMALL, lowered, omml, raised
from ingestion.formats.word.fields import drop_page_numbers, empty_fields, say_choices
from ingestion.formats.word.numbering import number_headings
from ingestion.formats.word.outline import outline_as_headings
from ingestion.formats.word.shapes import plain_shapes
from ingestion.formats.xml_reading import LINKS, drop, local_name, read_xml, unwrap
from ingestion.formats.xml_reading import word_name as _w
from ingestion.formats.xml_reading import words_of as _words
from ingestion.text.symbol_fonts import table_of

MAIN, STYLES, NUMBERING, SETTINGS = "word/document.xml", "word/styles.xml", "word/numbering.xml", "word/settings.xml"
NOTES = ("word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")
KNOWN = frozenset((
    "document", "body", "p", "r", "t", "tbl", "tr", "tc", "sdt", "sdtContent", "hyperlink", "customXml", "smartTag",
    "ins", "del", "moveTo", "moveFrom", "object", "drawing", "pict", "inline", "anchor", "graphic", "graphicData",
    "textbox", "txbxContent", "shape", "group", "rect", "roundrect", "AlternateContent", "Choice", "Fallback",
    "footnotes", "footnote", "endnotes", "endnote", "comments", "comment", "hdr", "ftr",
))  # fmt: skip
"""Elements whose children the reader visits on the way to text, or leaves out on purpose."""
BASIC = 0xFFFF  # characters beyond are in few fonts


def readable_word(path: Path) -> tuple[io.BytesIO, Counter[str]]:
    """The file as mammoth can read it, and how often what is left out.

    Raises an :class:`~ingestion.errors.IngestionError`.
    """
    held = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(held, "a") as file:  # a part written again is the one that is found by its name
        names = set(file.namelist())
        main = _main_part(file, names)
        if main is None:
            return held, Counter()
        parts = _Parts(file, names, main, path.name)
        for name, content in parts.rewritten().items():
            file.writestr(name, content)
    held.seek(0)
    return held, parts.lost


def _main_part(file: zipfile.ZipFile, names: set[str]) -> str | None:
    """The document itself, which need not be called as usual."""
    if "_rels/.rels" in names:
        for link in read_xml(file.read("_rels/.rels"), "_rels/.rels"):
            if str(link.get("Type", "")).endswith("/officeDocument"):
                target = posixpath.normpath(str(link.get("Target", "")).lstrip("/"))
                if target in names:
                    return target
    return MAIN if MAIN in names else None


class _Parts:
    """The parts of one file, read when they are needed."""

    def __init__(self, file: zipfile.ZipFile, names: set[str], main: str, title: str) -> None:
        self._file, self._names, self._main, self._title = file, names, main, title
        self.lost = Counter[str]()  # how often what is left out
        self._folder = posixpath.dirname(main)
        self._links_name = posixpath.join(self._folder, "_rels", f"{posixpath.basename(main)}.rels")

    def _read(self, name: str) -> etree._Element | None:
        if name not in self._names:
            return None
        return read_xml(self._file.read(name), f"{name} in {self._title}")

    def _try(self, name: str, what: str) -> etree._Element | None:
        """A part that the reader itself does not need: one that is damaged is named and left out."""
        try:
            return self._read(name)
        except CorruptPdf:
            self.lost[f"{what} (damaged)"] += 1
            return None

    def rewritten(self) -> dict[str, bytes]:
        """Names and contents of the parts that replace their like."""
        hidden = _hidden_styles(self._read(STYLES))
        body = self._read(self._main)
        assert body is not None
        links = self._read(self._links_name)
        around, new_links = self._headers_and_footers(body, links)
        roots = {self._main: body, **{name: root for name in NOTES if (root := self._read(name)) is not None}}
        for root in roots.values():
            self.lost.update(_simplify(root, hidden))
        for part in around:
            self.lost.update(_simplify(part, hidden))
        numbering, styles = self._read(NUMBERING), self._read(STYLES)
        number_headings(body, numbering, styles)
        added = outline_as_headings(body, styles)
        text = next((child for child in body if local_name(child) == "body"), None)
        if text is not None:
            for place, part in enumerate(part for holder in around for part in list(holder)):
                text.insert(place, part)
        found = {name: etree.tostring(root, xml_declaration=True, encoding="UTF-8") for name, root in roots.items()}
        if added and styles is not None:
            found[STYLES] = etree.tostring(styles, xml_declaration=True, encoding="UTF-8")
        if new_links and links is not None:
            for link in new_links:
                links.append(link)
            found[self._links_name] = etree.tostring(links, xml_declaration=True, encoding="UTF-8")
        return found

    def _headers_and_footers(
        self, body: etree._Element, links: etree._Element | None
    ) -> tuple[list[etree._Element], list[etree._Element]]:
        """Each that is shown, once whatever number of sections and pages it stands on: headers first; their links."""
        targets = {str(link.get("Id")): str(link.get("Target", "")) for link in links} if links is not None else {}
        settings = self._try(SETTINGS, "settings")
        both_sides = settings is not None and settings.find(_w("evenAndOddHeaders")) is not None
        found: list[etree._Element] = []
        more: list[etree._Element] = []
        said: set[str] = set()
        for kind in ("headerReference", "footerReference"):
            for reference in body.iter(_w(kind)):
                shown = reference.get(_w("type"))
                section = reference.getparent()
                if shown == "first" and (section is None or section.find(_w("titlePg")) is None):
                    continue
                if shown == "even" and not both_sides:
                    continue
                target = targets.get(str(reference.get(f"{{{LINKS}}}id")), "")
                name = posixpath.normpath(posixpath.join(self._folder, target)).lstrip("/")
                root = self._try(name, "header or footer")
                if root is None:
                    continue
                drop_page_numbers(root)
                text = " ".join("".join(root.itertext(_w("t"))).split())
                key = text or str(target)
                if key in said or not (text or next(root.iter("{*}blip", "{*}imagedata"), None) is not None):
                    continue
                said.add(key)
                more += self._renamed_links(root, name, len(found))
                found.append(root)
        return found, more

    def _renamed_links(self, root: etree._Element, name: str, number: int) -> list[etree._Element]:
        """The part's own links under names that the document does not use."""
        links = self._read(posixpath.join(posixpath.dirname(name), "_rels", f"{posixpath.basename(name)}.rels"))
        if links is None:
            return []
        prefix = f"around{number}_"
        for element in root.iter():
            for key, value in element.attrib.items():
                if key.startswith(f"{{{LINKS}}}"):
                    element.set(key, prefix + value)
        copies = [deepcopy(link) for link in links]
        for link in copies:
            link.set("Id", prefix + str(link.get("Id")))
        return copies


def _hidden_styles(styles: etree._Element | None) -> frozenset[str]:
    """Ids of the styles whose text is hidden, by themselves or by what they are based on."""
    own: dict[str, bool | None] = {}
    base: dict[str, str] = {}
    for style in styles.iter(_w("style")) if styles is not None else ():
        key = str(style.get(_w("styleId")))
        own[key] = _vanishes(style.find(_w("rPr")))
        based = style.find(_w("basedOn"))
        if based is not None:
            base[key] = str(based.get(_w("val")))

    def hidden(key: str, depth: int = 0) -> bool:
        if own.get(key) is not None:
            return bool(own[key])
        return key in base and depth < 20 and hidden(base[key], depth + 1)

    return frozenset(key for key in own if hidden(key))


def _vanishes(properties: etree._Element | None) -> bool | None:
    """Whether the run properties hide; None where they do not say."""
    mark = properties.find(_w("vanish")) if properties is not None else None
    return None if mark is None else mark.get(_w("val"), "true") not in ("0", "false", "off")


def _simplify(root: etree._Element, hidden: frozenset[str]) -> Counter[str]:
    """All steps on one part, in place. How often what is left out."""
    plain_shapes(root)
    lost = Counter({"hidden text": _drop_hidden(root, hidden)})
    _spell_equations(root)
    _spell_ruby(root)
    lost.update(empty_fields(root))
    say_choices(root)
    _unwrap_unknown(root)
    _whole_rows(root)
    _plain_runs(root)
    _say_signs(root)
    _join_initials(root)
    lost["file inserted in the text"] += sum(1 for _ in root.iter(_w("altChunk")))
    return +lost  # without what was not found


def _drop_hidden(root: etree._Element, hidden: frozenset[str]) -> int:
    """Drop runs that the program does not show. How many stretches of them there were."""
    stretches = 0
    before: etree._Element | None = None
    for run in list(root.iter(_w("r"))):
        properties = run.find(_w("rPr"))
        own = _vanishes(properties)
        if own is None:
            style = properties.find(_w("rStyle")) if properties is not None else None
            paragraph = next(run.iterancestors(_w("p")), None)
            about = paragraph.find(f"{_w('pPr')}/{_w('pStyle')}") if paragraph is not None else None
            own = any(mark is not None and mark.get(_w("val")) in hidden for mark in (style, about))
        if not own or not _words(run):
            continue
        if before is None or run.getprevious() is not before:
            stretches += 1
        before = run.getprevious()
        drop(run)
    return stretches


def _say_signs(root: etree._Element) -> None:
    """Signs of symbol fonts as plain characters: the reader's have no place in some fonts. Twice struck is struck."""
    for sign in list(root.iter(_w("sym"))):
        code, table = str(sign.get(_w("char"), "")), table_of(str(sign.get(_w("font"), "")))
        said = (table or {}).get(int(code, 16) & 0xFF, "") if re.fullmatch(r"[0-9A-Fa-f]{1,4}", code) else ""
        if len(said) == 1 and ord(said) <= BASIC:
            sign.tag, sign.text = _w("t"), said
            sign.attrib.clear()
    for mark in root.iter(_w("dstrike")):
        mark.tag = _w("strike")


def _join_initials(root: etree._Element) -> None:
    """A large initial, which Word keeps in a paragraph of its own, before the text that it begins."""
    for frame in list(root.iter(_w("framePr"))):
        about = frame.getparent()
        initial = about.getparent() if about is not None else None
        if frame.get(_w("dropCap")) not in ("drop", "margin") or initial is None or local_name(initial) != "p":
            continue
        text = initial.getnext()
        if text is None or local_name(text) != "p":
            continue
        place = 1 if len(text) and local_name(text[0]) == "pPr" else 0
        for run in reversed([child for child in initial if child is not about]):
            text.insert(place, run)
        drop(initial)


def _run(text: str) -> etree._Element:
    run = etree.Element(_w("r"))
    said = etree.SubElement(run, _w("t"))
    said.text = text
    said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _spell_equations(root: etree._Element) -> None:
    for name in ("{*}oMathPara", "{*}oMath"):
        for equation in list(root.iter(name)):
            parent = equation.getparent()
            if parent is None:
                continue
            new = _run(omml(equation))
            if (
                local_name(parent) in ("body", "tc", "txbxContent", "sdtContent")
                and local_name(equation) == "oMathPara"
            ):
                holder = etree.Element(_w("p"))
                holder.append(new)
                new = holder
            new.tail = equation.tail
            parent.replace(equation, new)


def _spell_ruby(root: etree._Element) -> None:
    """The word, and its reading in brackets."""
    for ruby in list(root.iter(_w("ruby"))):
        run = ruby.getparent()
        if run is None or local_name(run) != "r":
            continue
        base, reading = (
            "".join("".join(part.itertext(_w("t"))) for part in ruby if local_name(part) == name)
            for name in ("rubyBase", "rt")
        )
        said = etree.Element(_w("t"))
        said.text = f"{base}({reading})" if reading.strip() else base
        run.replace(ruby, said)


def _unwrap_unknown(root: etree._Element) -> None:
    """Whatever holds text and is not known to the reader is replaced by what it holds, so that no words are lost."""
    unknown: dict[etree._Element, None] = {}
    for text in root.iter(_w("t")):
        for holder in text.iterancestors():
            if local_name(holder) not in KNOWN:
                unknown[holder] = None
    for holder in unknown:
        if holder is not root:
            unwrap(holder)


def _whole_rows(root: etree._Element) -> None:
    """Rows that start later or end earlier get empty cells; rows and cells in content controls stand plain."""
    for control in list(root.iter(_w("sdt"), _w("customXml"), _w("sdtContent"))):
        parent = control.getparent()
        if parent is None or local_name(parent) not in ("tbl", "tr", "sdt", "sdtContent", "customXml"):
            continue
        if any(local_name(child) in ("tr", "tc", "sdtContent") for child in control) and _in_grid(control):
            for about in [child for child in control if local_name(child).endswith("Pr")]:
                control.remove(about)
            unwrap(control)
    for row in root.iter(_w("tr")):
        about = row.find(_w("trPr"))
        cells = [child for child in row if local_name(child) == "tc"]
        if about is None or not cells:
            continue
        for name, place in (("gridBefore", row.index(cells[0])), ("gridAfter", len(row) + 1)):
            mark = about.find(_w(name))
            if mark is not None and str(mark.get(_w("val"), "")).isdigit() and int(mark.get(_w("val"))) > 0:
                row.insert(place, _empty_cell(int(mark.get(_w("val")))))


def _in_grid(control: etree._Element) -> bool:
    """Whether a control stands between a table and its rows, or a row and its cells."""
    for holder in control.iterancestors():
        name = local_name(holder)
        if name in ("tbl", "tr"):
            return True
        if name not in ("sdt", "sdtContent", "customXml"):
            return False
    return False


def _empty_cell(wide: int) -> etree._Element:
    cell = etree.Element(_w("tc"))
    span = etree.SubElement(etree.SubElement(cell, _w("tcPr")), _w("gridSpan"))
    span.set(_w("val"), str(min(wide, 60)))
    etree.SubElement(cell, _w("p"))
    return cell


def _plain_runs(root: etree._Element) -> None:
    """Breaks and tabs by their usual names; raised and lowered figures as characters of their own."""
    for element in root.iter(_w("cr"), _w("ptab")):
        element.tag = _w("br") if local_name(element) == "cr" else _w("tab")
        element.attrib.clear()
    for run in root.iter(_w("r")):
        mark = run.find(f"{_w('rPr')}/{_w('vertAlign')}")
        texts = [child for child in run if local_name(child) == "t"]
        said = "".join(text.text or "" for text in texts)
        how = mark.get(_w("val")) if mark is not None else ""
        if how in ("superscript", "subscript") and SMALL.fullmatch(said.strip()):
            for text in texts:
                inside = text.text or ""
                bare = inside.strip()
                if SMALL.fullmatch(bare):
                    text.text = inside.replace(bare, (raised if how == "superscript" else lowered)(bare))
                    drop(mark)
