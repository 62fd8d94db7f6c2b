"""Files of data, as they are attached to invoices and test reports, as text: XML and JSON, a value per line.

    <Invoice><ID>RE-118</ID><Total currency="EUR">1190.00</Total></Invoice>

becomes

    Invoice
      ID: RE-118
      Total (currency EUR): 1190.00
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingestion.errors import CorruptPdf
from ingestion.formats.xml_reading import local_name, read_xml

STEP = "  "  # per level
DEEPEST = 100  # levels; what lies deeper stands on the last one


def data_lines(content: str, kind: str) -> str:
    """``kind``: xml or json. What is not well formed stays as it is: its words are worth more than none."""
    try:
        lines = _elements(read_xml(content.encode(), "data")) if kind == "xml" else _values(json.loads(content))
        return "\n".join(lines) + "\n"
    except (CorruptPdf, ValueError, RecursionError):
        return content


def _elements(root: etree._Element) -> Iterator[str]:
    depths = {root: 0}
    for element in root.iter():
        parent = element.getparent()
        depth = depths[element] = 0 if parent is None else min(depths[parent] + 1, DEEPEST)
        name = local_name(element)
        if not name:
            continue
        about = ", ".join(f"{etree.QName(key).localname} {value}" for key, value in element.attrib.items())
        said = " ".join((element.text or "").split())
        yield STEP * depth + name + (f" ({about})" if about else "") + (f": {said}" if said else "")
        tail = " ".join((element.tail or "").split())
        if tail:
            yield STEP * depth + tail


def _values(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    start = STEP * min(depth, DEEPEST) + (f"{name}: " if name else "")
    if isinstance(value, dict) and value:
        if name:
            yield start.rstrip()
        for key, held in value.items():
            yield from _values(held, str(key), depth + bool(name))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for number, item in enumerate(value, 1):
            yield from _values(item, f"{name} {number}".strip(), depth)
    elif isinstance(value, list):
        yield start + ", ".join(map(_plain, value))
    else:
        yield start + _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
