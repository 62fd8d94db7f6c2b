"""Parts of web pages that MuPDF 1.28 takes for words in a line, as blocks that it knows; and what no browser shows.

It glues ``<details>``, ``<dialog>``, ``<form>`` to what stands beside them, draws cells that only a style makes cells
behind one another, and says formulas twice where a page holds them for machines and, as pictures of letters, for eyes.

Elements are changed in place.
"""

from __future__ import annotations

import re

from lxml import etree

from ingestion.formats.xml_reading import all_of, drop, local_name, named_like, unwrap

BLOCKS = ("details", "dialog", "form", "center", "dir")
UNSHOWN = ("noscript",)
"""For browsers without scripts, which are none of today's."""
FOR_EDITORS = {"mw-editsection", "mw-cite-backlink", "mw-jump-link"}
"""Classes of links in pages of wikis by which readers edit and find their way."""
INLINE = ("span", "nobr", "mjx-container", "mjx-assistive-mml", "semantics")
"""What stands around a formula, with the same formula for eyes beside it."""
FURTHEST = 5  # steps from a formula to what holds both
SIGNS = re.compile(r"\[?[0-9a-z*†‡§¶]{1,3}\]?")  # of a note
STYLE_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*(?:inline-)?(table(?:-row|-cell)?)\s*(?:!important\s*)?(?:;|$)", re.I)
CLASS = re.compile(r"\.([\w-]+)")
NAMES = {"table": "table", "table-row": "tr", "table-cell": "td"}
ROLES = {
    "table": "table", "grid": "table", "row": "tr", "cell": "td", "gridcell": "td", "columnheader": "th",
    "rowheader": "th",
}  # fmt: skip
PLAIN = ("div", "span", "p", "section", "dl", "dt", "dd", "ul", "li")
STYLE = (
    "dt { font-weight: bold; margin-top: 0.6em; } dd { margin-bottom: 0.3em; } figure, pre { margin: 1em 0; } "
    "figcaption { text-align: inherit; } h5, h6 { font-size: 1em; }"
)
"""As browsers space them, captions below their figures and not in the page's middle, and headings no smaller than the
text, below which nobody takes them for headings. The page's own style goes before it."""


def blocks_of_html(root: etree._Element) -> int:
    """Each step on a page. How many things were changed."""
    return sum(step(root) for step in (formulas_once, _unshown, _tables_by_style, _as_blocks, _note_signs))


def formulas_once(root: etree._Element) -> int:
    """Of a formula in MathML and the same as letters or a picture for eyes alone (KaTeX, MathJax, Wikipedia) the
    first; it is shown, though the page hides it."""
    changed = 0
    for formula in all_of(root, "math"):
        holder, own = formula.getparent(), formula
        for _ in range(FURTHEST):
            if holder is None or local_name(holder).lower() not in INLINE:
                break
            if holder.get("style"):
                del holder.attrib["style"]
            for twin in [child for child in holder if child is not own and _is_for_eyes(child)]:
                drop(twin)
                changed += 1
            holder, own = holder.getparent(), holder
    return changed


def _is_for_eyes(element: etree._Element) -> bool:
    return element.get("aria-hidden") == "true" and not all_of(element, "math")


def _unshown(root: etree._Element) -> int:
    found = [e for e in all_of(root, *UNSHOWN, "dialog") if local_name(e).lower() != "dialog" or e.get("open") is None]
    found += [e for e in all_of(root, "span", "a") if FOR_EDITORS & {*str(e.get("class", "")).split()}]
    for element in found:
        drop(element)
    return len(found)


def _tables_by_style(root: etree._Element) -> int:
    """Tables, rows and cells that a style or a role makes such, by their names."""
    displayed = _displays(root)
    wanted: dict[etree._Element, str] = {}
    for element in root.iter():
        name = local_name(element).lower()
        role = str(element.get("role", ""))
        if name not in PLAIN:
            continue
        said = DISPLAY.search(str(element.get("style", "")))
        shown = said[1].lower() if said else _by_class(element, displayed)
        if role in ROLES or shown:
            wanted[element] = ROLES.get(role) or NAMES[shown]
    tables = [e for e, name in wanted.items() if name == "table" and _is_whole(e, wanted)]
    return sum(_as_table(table, wanted) for table in tables)


def _by_class(element: etree._Element, displayed: dict[str, str]) -> str:
    return next((displayed[name] for name in str(element.get("class", "")).split() if name in displayed), "")


def _displays(root: etree._Element) -> dict[str, str]:
    """What the page's own style shows as part of a table, by a class alone."""
    found: dict[str, str] = {}
    for style in all_of(root, "style"):
        for names, rules in STYLE_RULE.findall(style.text or ""):
            said = DISPLAY.search(rules)
            for name in names.split(",") if said else ():
                one = CLASS.fullmatch(name.strip())
                if one and said:
                    found[one[1]] = said[1].lower()
    return found


def _is_whole(table: etree._Element, wanted: dict[etree._Element, str]) -> bool:
    """Whether a table has nothing but rows, perhaps in groups, and they nothing but cells."""
    rows = _rows(table, wanted)
    held = [child for row in rows for child in row if isinstance(child.tag, str)]
    loose = "".join(_loose(table, wanted)).strip()
    return bool(rows) and bool(held) and not loose and all(wanted.get(cell) in ("td", "th") for cell in held)


def _rows(table: etree._Element, wanted: dict[etree._Element, str]) -> list[etree._Element]:
    groups = [child for child in table if wanted.get(child) != "tr" and child not in wanted]
    inner = {id(row): row for group in groups for row in group if wanted.get(row) == "tr"}
    return [e for e in table.iter() if wanted.get(e) == "tr" and (e.getparent() is table or id(e) in inner)]


def _loose(table: etree._Element, wanted: dict[etree._Element, str]) -> list[str]:
    """Words of a table that stand in no cell."""
    said = [table.text or ""]
    for child in table:
        if wanted.get(child) == "tr":
            said += [child.text or "", *(cell.tail or "" for cell in child)]
        elif child not in wanted:
            said += _loose(child, wanted)
        said.append(child.tail or "")
    return said


def _as_table(table: etree._Element, wanted: dict[etree._Element, str]) -> int:
    rows = _rows(table, wanted)
    for row in rows:
        for cell in row:
            _rename(cell, wanted.get(cell, "td"))
            for way in ("col", "row"):
                if cell.get(f"aria-{way}span"):
                    cell.set(f"{way}span", str(cell.get(f"aria-{way}span")))
        _rename(row, "tr")
        row.text = None
    for group in [child for child in table if child not in rows]:
        unwrap(group)
    _rename(table, "table")
    return 1


def _rename(element: etree._Element, name: str) -> None:
    for key in ("style", "class", "role"):
        element.attrib.pop(key, None)
    element.tag = named_like(element, name)


def _as_blocks(root: etree._Element) -> int:
    found = all_of(root, *BLOCKS)
    for element in found:
        element.tag = named_like(element, "div")
    return len(found)


def _note_signs(root: etree._Element) -> int:
    """Signs of notes that only a link makes such are raised; those in brackets stand on the line, where a raised one
    would be a line of its own."""
    changed = 0
    for link in all_of(root, "a"):
        said = "".join(link.itertext()).strip()
        parent = link.getparent()
        if parent is None or not SIGNS.fullmatch(said):
            continue
        alone = local_name(parent).lower() == "sup" and "".join(parent.itertext()).strip() == said
        kinds = {str(link.get("role", "")), *(str(v) for k, v in link.attrib.items() if str(k).endswith("}type"))}
        if alone and said.startswith("["):
            parent.tag = named_like(parent, "span")
            changed += 1
        elif not alone and kinds & {"doc-noteref", "noteref"} and not said.startswith("[") and len(link) == 0:
            link.tag = named_like(link, "sup")
            changed += 1
    return changed
