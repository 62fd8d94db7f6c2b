"""Fields of Word, which the program computes: figures, references, properties, and numbers of pages.

A field stores the value that it had when the file was last saved; one without is counted. Headers and footers are
shown once, so numbers of pages are taken out of them.
"""

from __future__ import annotations

import re
from collections import Counter

from lxml import etree

from ingestion.formats.xml_reading import drop, local_name, whole
from ingestion.formats.xml_reading import word_name as _w

PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION")
VALUED = (
    "SEQ", "REF", "PAGEREF", "STYLEREF", "DOCPROPERTY", "DOCVARIABLE", "TITLE", "AUTHOR", "SUBJECT", "MERGEFIELD", "=",
)  # fmt: skip
"""Fields that stand for a word on the page; others, such as index entries, have none."""
PAGE_WORDS = 3  # words of a line such as "Page 3 of 12" without its numbers


def empty_fields(root: etree._Element) -> Counter[str]:
    """How often which field stands without the value that it had when the file was last saved."""
    asked_for: list[str] = []
    for field in root.iter(_w("fldSimple")):
        if not "".join(field.itertext(_w("t"))).strip():
            asked_for.append(str(field.get(_w("instr"), "")))
    open_fields: list[list[str]] = []  # what is asked for, where it stands, what is said
    for part in root.iter(_w("fldChar"), _w("instrText"), _w("t")):
        name = local_name(part)
        kind = part.get(_w("fldCharType")) if name == "fldChar" else ""
        if kind == "begin":
            open_fields.append(["", "asked", ""])
        elif not open_fields:
            continue
        elif kind == "separate":
            open_fields[-1][1] = "said"
        elif kind == "end":
            asked, _, said = open_fields.pop()
            if not said.strip():
                asked_for.append(asked)
        elif name == "instrText":
            open_fields[-1][0] += part.text or ""
        else:
            for held in open_fields:
                held[2] += part.text or ""
    fields = [words for asked in asked_for if (words := asked.split()) and _has_value(words[0])]
    return Counter(f"field without a stored value ({' '.join(words[:2])})" for words in fields)


def say_choices(root: etree._Element) -> None:
    """Put what is chosen in lists of old forms (``ddList``) in front of their fields, which store it as a number."""
    for field in list(root.iter(_w("fldChar"))):
        choices = next(field.iter(_w("ddList")), None)
        run = field.getparent()
        if choices is None or run is None or run.getparent() is None:
            continue
        chosen = {name: whole(part.get(_w("val"))) for name in ("result", "default") for part in choices.iter(_w(name))}
        entries = [str(entry.get(_w("val"), "")) for entry in choices.iter(_w("listEntry"))]
        number = chosen.get("result", chosen.get("default", 0)) or 0
        if 0 <= number < len(entries):
            said = etree.Element(_w("r"))
            etree.SubElement(said, _w("t")).text = entries[number]
            run.addprevious(said)


def _has_value(name: str) -> bool:
    return name.upper() in VALUED or name.startswith("=")


def drop_page_numbers(root: etree._Element) -> None:
    """A header or footer is shown once, so numbers of pages mean nothing in it."""
    counted: list[etree._Element] = []
    for field in list(root.iter(_w("fldSimple"))):
        if _asks_page(str(field.get(_w("instr"), ""))):
            counted += list(field.iterancestors(_w("p")))
            drop(field)
    for paragraph in root.iter(_w("p")):
        counted += [paragraph] * _drop_page_fields(paragraph)
    for paragraph in counted:
        words = re.findall(r"\w+", "".join(paragraph.itertext(_w("t"))))
        if len(words) <= PAGE_WORDS and not any(any(c.isdigit() for c in word) for word in words):
            for text in paragraph.iter(_w("t")):
                text.text = ""


def _asks_page(instruction: str) -> bool:
    return (instruction.split() or [""])[0].upper() in PAGE_FIELDS


def _drop_page_fields(paragraph: etree._Element) -> bool:
    """Empty what a field made of several runs shows, where it shows a number of pages."""
    found = False
    asked, shown, depth = "", False, 0
    texts: list[etree._Element] = []
    parts = list(paragraph.iter(_w("fldChar"), _w("instrText"), _w("t")))
    for part in parts:
        kind = part.get(_w("fldCharType")) if local_name(part) == "fldChar" else ""
        if kind == "begin":
            depth += 1
            asked, shown, texts = ("", False, []) if depth == 1 else (asked, shown, texts)
        elif kind == "separate":
            shown = True
        elif kind == "end":
            depth -= 1
            if depth == 0 and _asks_page(asked):
                found = True
                for text in texts:
                    text.text = ""
        elif local_name(part) == "instrText" and depth:
            asked += part.text or ""
        elif shown and depth:
            texts.append(part)
    return found
