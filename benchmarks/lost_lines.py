#!/usr/bin/env python3
"""Lines of the pages whose words no element says: what a parse lost without a word.

    python benchmarks/lost_lines.py FOLDER… [--list] [--json FILE] [--doc PART]

FOLDER is an index made by ``python -m rag add`` (or one document's folder in it), or a folder that ``python -m
ingestion FILE --out FOLDER`` wrote, or a folder of those. A page's lines are read from the files that parsing lays
beside its picture, its elements from ``document.json`` or ``elements.json``. For each document and in total it counts

    lines      with at least one letter or digit
    furniture  lines whose words, numbers aside, stand at the same height of another page, and in no element
    displaced  lines that no element says where they stand, though one elsewhere on the page has all their words
    lost       lines that no element of the page says

A line is said by elements that meet its box where nine tenths of its letters are in words that their texts hold, each
word as often as it is asked for. How words are compared is written here anew and shares nothing with the check that
runs while a document is parsed, so that builds may be compared that have no such check.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

SAID = 0.9  # of a line's letters
NEAR = 6.0  # points between a line and what says it
SAME_HEIGHT = 8.0  # points by which furniture may shift from page to page

Box = tuple[float, float, float, float]


class Text(NamedTuple):
    """A line, or what an element says, with its place."""

    text: str
    box: Box


class Lost(NamedTuple):
    """A line that is not where it should be. ``kind``: lost, displaced or furniture."""

    doc: str
    page: int
    kind: str
    text: str
    box: Box


class Parsed(NamedTuple):
    """A document as it lies on disk: its lines and what its elements say, by page."""

    name: str
    lines: dict[int, list[Text]]
    said: dict[int, list[Text]]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--doc", default="", help="only documents whose name holds this")
    parser.add_argument("--list", action="store_true", help="each lost or displaced line with page and box")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write them all there, one JSON object per line")
    given = parser.parse_args()
    documents = sorted(read_all(given.folders, given.doc), key=lambda document: document.name)
    if not documents:
        print("no parsed document in " + ", ".join(map(str, given.folders)), file=sys.stderr)
        return 1
    total: Counter[str] = Counter()
    found: list[Lost] = []
    print(f"{'lines':>7} {'furniture':>9} {'displaced':>9} {'lost':>6}  document")
    for document in documents:
        missing = unsaid(document)
        counts = Counter(item.kind for item in missing)
        counts["lines"] = sum(bool(letters(line.text)) for lines in document.lines.values() for line in lines)
        print(_row(counts, document.name))
        total += counts
        found += missing
    print(_row(total, f"in {len(documents)} documents"))
    if given.list:
        for item in found:
            if item.kind != "furniture":
                box = ", ".join(f"{value:.0f}" for value in item.box)
                print(f"{item.kind:9} {item.doc} p. {item.page} ({box}) {item.text}")
    if given.json:
        lines = (json.dumps(item._asdict(), ensure_ascii=False) for item in found)
        given.json.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return 0


def _row(counts: Counter[str], name: str) -> str:
    return f"{counts['lines']:7} {counts['furniture']:9} {counts['displaced']:9} {counts['lost']:6}  {name}"


def read_all(folders: Sequence[Path], part: str) -> Iterator[Parsed]:
    """The documents below folders, each once."""
    seen: set[Path] = set()
    for folder in folders:
        if not folder.is_dir():
            raise SystemExit(f"{folder} is no folder; give an index or what `python -m ingestion --out` wrote")
        for name in ("document.json", "elements.json"):
            for path in sorted(folder.rglob(name)):
                if path.parent not in seen and "reading" not in path.relative_to(folder).parts:
                    seen.add(path.parent)
                    document = _read(path)
                    if document is not None and part in document.name:
                        yield document


def _read(path: Path) -> Parsed | None:
    """A document's lines and elements; None, with a word, where its files are not what they should be."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        elements = list(_stored(raw) if path.name == "document.json" else _written(raw))
        lines = {int(file.stem): _lines(file) for file in sorted((path.parent / "pages").glob("[0-9]*.json"))}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as exc:
        print(f"{path}: not read ({type(exc).__name__}: {exc})", file=sys.stderr)
        return None
    if not lines:
        print(f"{path.parent}: no lines beside the pages", file=sys.stderr)
        return None
    said: dict[int, list[Text]] = defaultdict(list)
    for page, text in elements:
        said[page].append(text)
    return Parsed(str(raw.get("name") or raw.get("doc") or path.parent.name), lines, said)


def _stored(raw: dict[str, Any]) -> Iterator[tuple[int, Text]]:
    """Elements as an index keeps them."""
    for element in raw["elements"]:
        page, box = element["region"]
        yield int(page), Text(f"{element['text']}\n{element['caption']}", _box(box))


def _written(raw: dict[str, Any]) -> Iterator[tuple[int, Text]]:
    """Elements as the command line writes them."""
    for page in raw["pages"]:
        for element in page["elements"]:
            yield int(page["number"]), Text(f"{element['text']}\n{element['caption']}", _box(element["bbox"]))


def _lines(path: Path) -> list[Text]:
    return [Text(str(item[0]), _box(item[1:5])) for item in json.loads(path.read_text(encoding="utf-8"))]


def _box(values: Sequence[float]) -> Box:
    x0, y0, x1, y1 = (float(value) for value in values)
    return x0, y0, x1, y1


def unsaid(document: Parsed) -> list[Lost]:
    """Lines that no element says where they stand, page by page."""
    places = _places(document)
    found = []
    for page, lines in sorted(document.lines.items()):
        elements = document.said.get(page, [])
        everything = _Bag(element.text for element in elements)
        bags = [(_Bag([element.text]), element.box) for element in elements]
        printed: set[tuple[str, int, int]] = set()
        for line in lines:
            twice = letters(line.text), round(line.box[0] / 4), round(line.box[1] / 4)  # printed twice: bold
            if not twice[0] or twice in printed:
                continue
            printed.add(twice)
            near = [bag for bag, box in sorted(bags, key=lambda item: _outside(line, item[1])) if _meet(line.box, box)]
            if _said(line.text, near):
                continue
            kind = "displaced" if everything.holds(line.text) else "lost"
            if kind == "lost" and _repeats(page, line, places):
                kind = "furniture"
            found.append(Lost(document.name, page, kind, line.text, line.box))
    return found


class _Bag:
    """Words with their counts, and all of them as one string: a word mended at a line's end is found in that."""

    def __init__(self, texts: Any) -> None:
        text = "\n".join(texts)
        self.words = Counter(words(text))
        self.run = letters(text)
        self.left = self.words.copy()

    def holds(self, text: str) -> bool:
        asked = words(text)
        have = sum(len(word) for word in asked if word in self.words or word in self.run)
        return have >= SAID * sum(map(len, asked))


def _said(text: str, bags: Sequence[_Bag]) -> bool:
    """Whether bags have a line's words left; each is taken out of the first that has it."""
    asked = words(text)
    have = 0
    for word in asked:
        holder = next((bag for bag in bags if bag.left[word] > 0), None)
        if holder is not None:
            holder.left[word] -= 1
        if holder is not None or any(word not in bag.words and word in bag.run for bag in bags):
            have += len(word)
    return have >= SAID * sum(map(len, asked))


def _places(document: Parsed) -> dict[str, list[tuple[int, float]]]:
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for page, lines in document.lines.items():
        for line in lines:
            places[_masked(line.text)].append((page, line.box[1]))
    return places


def _repeats(page: int, line: Text, places: dict[str, list[tuple[int, float]]]) -> bool:
    others = places[_masked(line.text)]
    return any(number != page and abs(y - line.box[1]) <= SAME_HEIGHT for number, y in others)


def _masked(text: str) -> str:
    return re.sub(r"\d+|\b[ivxlc]+\b", "#", text.casefold()).strip()


def _outside(line: Text, box: Box) -> tuple[float, float]:
    """How much of a line lies outside a box, then the box's area: the likeliest to say it first."""
    x0, y0, x1, y1 = line.box
    common = max(0.0, min(x1, box[2]) - max(x0, box[0])) * max(0.0, min(y1, box[3]) - max(y0, box[1]))
    return -round(common / ((x1 - x0) * (y1 - y0) or 1.0), 1), (box[2] - box[0]) * (box[3] - box[1])


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] + NEAR and a[2] >= b[0] - NEAR and a[1] <= b[3] + NEAR and a[3] >= b[1] - NEAR


def words(text: str) -> list[str]:
    """Words of letters and digits, without marks and accents; each Chinese or Japanese character is one."""
    return re.findall(r"[぀-ヿ㐀-鿿豈-﫿]|[^\W_぀-ヿ㐀-鿿豈-﫿]+", _plain(text))


def letters(text: str) -> str:
    return "".join(words(text))


def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in parted if not unicodedata.combining(char))


if __name__ == "__main__":
    sys.exit(main())
