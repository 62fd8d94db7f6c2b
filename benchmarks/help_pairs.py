#!/usr/bin/env python3
"""Questions and what answers them, out of help pages: help_pairs.py OUT.jsonl FOLDER… (for train_adapter.py).

A folder is a manual in all its languages: ``<folder>/<language>/…`` with HTML or Mallard pages, the same file name for
the same page in each. A section's heading, its description or one of its sentences asks; what stands under the heading
answers, in the same language or in another. A heading is often put as a question, and a sentence that asks is mostly
taken out of what answers it, for owners do not ask in a manual's words.

A line has ``question``, ``passage``, ``group`` (manual and language: others of it are what a passage is told from),
``key`` (the section, in whatever language) and ``kind``: heading, description, sentence, or these ``across`` languages.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree, html

MALLARD = "{http://projectmallard.org/1.0/}"
LEAST, MOST = 60, 850  # letters of what answers
ASKED = {
    "de": ("Wie kann ich {}?", "Was bedeutet {}?", "Wo finde ich {}?"),
    "en": ("How do I {}?", "What does {} mean?", "What is {}?", "Where can I find {}?"),
    "es": ("¿Cómo {}?", "¿Qué significa {}?", "¿Dónde está {}?"),
    "fr": ("Comment {} ?", "Que signifie {} ?", "Où trouver {} ?"),
    "it": ("Come {}?", "Che cosa significa {}?", "Dov'è {}?"),
    "nl": ("Hoe kan ik {}?", "Wat betekent {}?"),
    "pl": ("Jak {}?", "Co oznacza {}?"),
    "pt": ("Como {}?", "O que significa {}?"),
}
HIDDEN = "//script|//style|//nav|//footer|//*[@class='navheader']|//*[@class='navfooter']|//*[@class='toc']"
WHOLE = ("li", "dd", "tr", "td", "dt")  # what a paragraph within is a part of


@dataclass
class Section:
    """What stands under a heading, paragraph by paragraph."""

    language: str
    heading: str
    above: str = ""
    paragraphs: list[str] = field(default_factory=list)
    description: str = ""


def sections_of(path: Path, language: str) -> list[Section]:
    """Of a page; none where it cannot be read."""
    try:
        if path.suffix == ".page":
            return list(_of_mallard(etree.parse(path).getroot(), language, ""))
        return _of_html(html.fromstring(path.read_bytes()), language)
    except (etree.LxmlError, ValueError, OSError) as exc:
        print(f"{path}: {exc}", file=sys.stderr)
        return []


def _text(element: html.HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def _of_html(page: html.HtmlElement, language: str) -> list[Section]:
    for hidden in page.xpath(HIDDEN):
        hidden.drop_tree()
    found: list[Section] = []
    open_headings: dict[int, str] = {}
    for element in page.iter():
        tag = element.tag if isinstance(element.tag, str) else ""
        if re.fullmatch("h[1-6]", tag):
            level, heading = int(tag[1]), re.sub(r"^[\dA-Z.]*\d[\d.]*\s+", "", _text(element))
            open_headings = {other: text for other, text in open_headings.items() if other < level}
            found.append(Section(language, heading, open_headings[max(open_headings)] if open_headings else ""))
            open_headings[level] = heading
        elif tag in ("p", *WHOLE) and found and not any(above.tag in WHOLE for above in element.iterancestors()):
            found[-1].paragraphs += filter(None, [_text(element)])
    return found


def _of_mallard(part: html.HtmlElement, language: str, above: str) -> Iterator[Section]:
    title, description = part.find(f"{MALLARD}title"), part.find(f"{MALLARD}info/{MALLARD}desc")
    section = Section(language, _text(title) if title is not None else "", above)
    section.description = _text(description) if description is not None else ""
    yield section
    inner = [child for child in part if child.tag == f"{MALLARD}section"]
    nested = {element for child in inner for element in child.iter()}
    for element in part.iter(*(f"{MALLARD}{name}" for name in ("p", "item", "td"))):
        if element not in nested and element.getparent().tag not in (f"{MALLARD}item", f"{MALLARD}td"):
            section.paragraphs += filter(None, [_text(element)])
    for child in inner:
        yield from _of_mallard(child, language, section.heading)


def pairs_of(by_language: dict[str, Section], manual: str, key: str, chance: random.Random) -> Iterator[dict[str, str]]:
    """One or none for each language that a section is there in."""
    for language, section in by_language.items():
        if len(section.heading) < 4 or sum(map(len, section.paragraphs)) < LEAST:
            continue
        kinds = ["heading", "heading", *(["description"] if section.description else []), "sentence"]
        kinds += ["across", "across", "across"] if len(by_language) > 1 else []
        kind, asking = chance.choice(kinds), section
        if kind == "across":
            asking = by_language[chance.choice([other for other in by_language if other != language])]
        if kind == "sentence" or (kind == "across" and chance.random() < 1 / 3):
            sentences = _sentences(asking)
            if not sentences:
                continue
            place, question = chance.choice(sentences)
            left_out = place if kind == "sentence" and chance.random() < 0.8 else None
        else:
            question = section.description if kind == "description" else _asked(asking, chance)
            left_out = None
        yield {
            "question": question,
            "passage": _passage(section, left_out, chance.random() < (0.2 if kind == "heading" else 0.5)),
            "group": f"{manual} {language}",
            "key": key,
            "kind": kind,
        }


def _asked(section: Section, chance: random.Random) -> str:
    heading = (
        section.heading if len(section.heading) > 14 or not section.above else f"{section.above}: {section.heading}"
    )
    forms = ASKED.get(section.language[:2])
    if forms is None or chance.random() < 0.5:
        return heading
    return chance.choice(forms).format(heading if section.language == "de" else heading[0].lower() + heading[1:])


def _sentences(section: Section) -> list[tuple[int, str]]:
    least, most = (10, 70) if section.language[:2] in ("ja", "zh", "ko") else (25, 160)
    return [
        (place, sentence)
        for place, paragraph in enumerate(section.paragraphs)
        for sentence in re.split(r"(?<=[.!?。])\s*", paragraph)
        if least <= len(sentence) <= most
    ]


def _passage(section: Section, left_out: int | None, headed: bool) -> str:
    lines, size = [section.heading if headed else section.above], 0
    for place, paragraph in enumerate(section.paragraphs):
        if place != left_out and (not size or size + len(paragraph) <= MOST):
            lines.append(paragraph)
            size += len(paragraph)
    return "\n".join(filter(None, lines))[: 2 * MOST]


def pairs(folders: Sequence[Path], seed: int = 7) -> Iterator[dict[str, str]]:
    """Those of all manuals, the sections of one after another."""
    chance = random.Random(seed)
    for manual in folders:
        found: dict[str, dict[str, Section]] = defaultdict(dict)
        for path in sorted(path for path in manual.rglob("*") if path.suffix in (".html", ".page")):
            language, inner = path.relative_to(manual).parts[0], "/".join(path.relative_to(manual).parts[1:])
            own = sections_of(path, language)
            for number, section in enumerate(own):
                found[f"{manual.name} {inner} {number}/{len(own)}"][language] = section
        made = [pair for key, section in found.items() for pair in pairs_of(section, manual.name, key, chance)]
        yield from sorted((pair for pair in made if len(pair["passage"]) > LEAST), key=lambda pair: pair["group"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    args = parser.parse_args()
    with args.out.open("w", encoding="utf-8") as file:
        for pair in pairs(args.folders):
            file.write(json.dumps(pair, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
