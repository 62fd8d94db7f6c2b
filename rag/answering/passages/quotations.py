"""Evidence taken apart into what can be quoted: sentences, table rows, figures, each with the terms it is found by.

Part numbers and error codes are compared whole: "E-07", "E07" and "E 07" are one code, "W-07" is another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from ingestion.text.caption_labels import is_bare_label
from rag.answering.facts.fact_check import quantities
from rag.answering.passages.definitions import definitions
from rag.answering.passages.legends import entries_parted
from rag.answering.passages.lists import SENTENCE_ENDS, parted
from rag.text.analysis import UNSPACED
from rag.text.function_words import content_terms_of_language
from rag.text.passages import ITEM_MARK, Table, content_terms, items, tables, without_tables
from rag.types import Evidence

LONGEST_RUN_IN = 2
"""Terms of a sentence that may be a heading which runs into its paragraph."""

MOST_LETTERED = 2
"""Words of a text in capitals, up to which they may be such words."""

LEAST_FACTS = 4
"""Labels with their values from which a sentence is a list of specifications."""

LEAST_TOLD = 3
"""Terms from which what ends like a sentence within a figure is one."""

LABEL_MARK = "№ "
"""What the line begins with that says what a number in a figure stands for."""

_BEFORE_LABEL = re.compile(r"(?<=[^:\s])\s+(?=[A-ZÀ-Þ][a-zß-ÿ]+\.?(?: [\w.-]+){0,4}(?: \([^()]{1,20}\))?\s?:\s\S)")
_CODE = re.compile(
    rf"(?<![^\W_{UNSPACED}])(?:[A-Za-z]{{1,6}}[-–/]?\d[A-Za-z\d]{{0,12}}(?:[-–./][A-Za-z\d]{{1,12}}){{0,5}}"
    rf"|[A-Z]{{1,4}} \d{{1,3}}[A-Z]?(?![-–/]\w))(?![^\W_{UNSPACED}])"
)
_NO_CODE = re.compile(
    r"(?i:figs?|figures?|tables?|tab|abb|bild|chap|kap|nos|nr|num|pages?|pp|seite|steps?)[-–./ ]?\d.*"
    r"|(?i:abs|art|ch|eq|no|p|pos|sec|ver|vol)[-–./ ]\d.*"  # but "P2" on a display, "CH3" of a receiver
)
_CAPITALS = re.compile(r"(?<![^\W_])[A-Z]{2,5}(?![^\W_])")
_WORD = re.compile(r"[^\W\d_]{3}")
_SIGN = re.compile(r"(?<![^\s(\[{,/|'\"‘’“«`])(?:[-−–]{2}[A-Za-z][\w-]*|[-−–][A-Za-z]|%[A-Za-z])(?![\w-])")
_SIGNS = rf"{_SIGN.pattern}(?:[ =][^\s,]+)?(?:,?\s{_SIGN.pattern}(?:[ =][^\s,]+)?)*"
_SIGNS_FIRST = re.compile(_SIGNS)
_SIGNS_ALONE = re.compile(rf"^({_SIGNS})[ \t]*\n\s*(?=\S)", re.MULTILINE)
_DASHES = str.maketrans("−–", "--")
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """What can be quoted, with the terms it is found by.

    ``own`` are the terms in it, ``context`` those of its heading, caption and column names, ``pairs`` its neighbouring
    terms, ``known_by`` those of its document's title and file name, which tell no passage of it from another.
    """

    evidence: Evidence
    kind: Literal["sentence", "row", "figure"]
    text: str
    own: frozenset[str]
    context: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    known_by: frozenset[str] = frozenset()


def passages_of(evidence: Evidence) -> list[Passage]:
    """Everything that can be quoted of a piece of evidence, in its order; figures without a word can be shown, too."""
    chunk = evidence.chunk
    about, named = f"{chunk.heading} {chunk.caption}", known_by(evidence)
    found: list[Passage] = []
    parts = [part for part in evidence.beside if chunk.kind == "figure" and part.kind != "figure" and part.text]
    for table in [] if parts else tables_of(evidence):
        context = _context(f"{about} {' '.join(table.header)}")
        for row in table.rows or [table.header]:
            found.append(_passage(evidence, "row", table.readable(row), " ".join(row), context, named))
    context = _context(about)
    if chunk.kind == "figure":
        told, rest = _told_within(chunk.text)
        told = [] if parts else told
        said = " ".join(p for p in (chunk.caption, rest, _without_labels(chunk.mentions)) if p)
        found.append(_passage(evidence, "figure", chunk.caption, said, context, named))
        prose = chunk.mentions
    else:
        told, prose = [], without_tables(evidence.text)
    prose = _without_caption(prose, chunk.caption)
    spoken = [*_sentences(parted(explained(entries_parted(prose)))), *told]
    defined = _defined(prose)
    for sentence in spoken:
        around = context | _led_to(evidence, sentence) | defined.get(sentence, frozenset())
        found.append(_passage(evidence, "sentence", sentence, sentence, around, named))
    headed = frozenset(signs(chunk.heading.split(" > ")[-1]))
    if headed and spoken:  # an option as the heading of what explains it
        first = next(i for i, p in enumerate(found) if p.kind == "sentence")
        found[first] = replace(found[first], own=found[first].own | headed)
    for written in parts:  # each under its own heading
        own = passages_of(replace(evidence, chunk=written, text=written.text, beside=()))
        found += [p for p in own if p.kind != "sentence" or _says_enough(p.text)]
    return [p for p in found if p.own or p.kind == "figure"]


def _defined(prose: str) -> dict[str, frozenset[str]]:
    """What the sentences of definitions are about, by the sentence: the terms of the one that opens the definition."""
    several = [parts for item in items(prose) if len(parts := definitions(item)) > 1]
    return {sentence: _context(part[0]) for parts in several for part in parts for sentence in part[1:]}


def _told_within(text: str) -> tuple[list[str], str]:
    """The sentences within a figure, with the items of their lists, and the rest of its words: a layout of several
    columns of text, or a screenshot with its explanation, is read as one figure."""
    told = [s for s in _sentences(told_lines(text)) if _is_told(s)]
    rest = " ".join(text.split())
    for sentence in told:
        rest = rest.replace(sentence, " ")
    return told, rest


def _without_caption(prose: str, caption: str) -> str:
    """What stands beside a caption. A bare label, "Fig 7.2", is part of the sentences that name the figure."""
    if is_bare_label(caption):
        return "\n".join("" if line.strip() == caption else line for line in prose.splitlines())
    return prose.replace(caption, "\n\n") if caption else prose


def _without_labels(mentions: str) -> str:
    """What is said of a figure but what its numbers stand for: that is quoted, and found, by itself."""
    return "\n".join(line for line in mentions.splitlines() if not line.startswith(LABEL_MARK))


def prose_of(evidence: Evidence) -> str:
    """What of a piece stands in sentences and lists: all but its tables, of a figure what is written in it."""
    return told_lines(evidence.chunk.text) if evidence.chunk.kind == "figure" else without_tables(evidence.text)


def told_lines(text: str) -> str:
    """The words within a figure, each line a paragraph; one that ends in a colon with the line after it."""
    lines = [line.strip() for line in without_tables(text).splitlines() if line.strip()]
    found: list[str] = []
    for line in lines:
        opens = bool(found) and found[-1].endswith(":") and not line.endswith(":") and not ITEM_MARK.match(line)
        found[-1:] = [f"{found[-1]} {line}"] if opens else [*found[-1:], line]
    return "\n\n".join(found)


def _is_told(sentence: str) -> bool:
    ends = sentence.rstrip("\"'”’»)").endswith((*SENTENCE_ENDS, ":"))
    return (ends or bool(ITEM_MARK.match(sentence))) and len(content_terms(sentence)) >= LEAST_TOLD


def _says_enough(sentence: str) -> bool:
    return len(content_terms(sentence)) >= LEAST_TOLD and not is_bare_label(sentence)


def _led_to(evidence: Evidence, sentence: str) -> frozenset[str]:
    """The terms of the headings and captions that a sentence refers to."""
    return frozenset[str]().union(*(_context(p.named) for p in evidence.points if p.words in sentence))


def _sentences(prose: str) -> list[str]:
    """Sentences; one of a word or two that opens a paragraph, a heading that runs into it ("Rattling. Check the
    feet."), with the one after it."""
    found: list[str] = []
    for item in items(prose):
        opens = len(item) > 1 and len(content_terms(item[0])) <= LONGEST_RUN_IN and not item[0][:1].isdigit()
        found += [f"{item[0]} {item[1]}", *item[2:]] if opens and item[0].endswith(".") else item
    return [fact for sentence in found for fact in _facts(sentence)]


def _facts(sentence: str) -> list[str]:
    """The facts of a list of specifications that stands in a row, each with its label: "Weight: 47 kg Noise: 78 dB"; a
    sentence as it is."""
    facts: list[str] = []
    begun = ""
    for part in _BEFORE_LABEL.split(sentence):
        begun = f"{begun} {part}".strip()
        if ":" in part:  # else the first word of a label: "Belt Size:"
            facts.append(begun)
            begun = ""
    return facts if len(facts) >= LEAST_FACTS and not begun else [sentence]


def tables_of(evidence: Evidence) -> list[Table]:
    """The tables of a piece: of one that is a table the whole, where the evidence was shortened, too."""
    chunk = evidence.chunk
    return [continued(t) for t in tables(chunk.text if chunk.kind == "table" and chunk.text else evidence.text)]


def continued(table: Table) -> Table:
    """A table whose rows say themselves what they are about: a blank first cell beside words goes on with the one above
    it, as where a fault has several causes. A row of numbers alone, as a sum, is not taken for one."""
    rows: list[list[str]] = []
    for row in table.rows:
        above = rows[-1][0] if rows and rows[-1] else ""
        goes_on = len(row) > 1 and not row[0] and _WORD.search(" ".join(row[1:]))
        rows.append([above, *row[1:]] if goes_on else row)
    return Table(table.header, rows)


def asked_terms(question: str, language: str = "") -> list[str]:
    """The distinct terms of a question that carry meaning, in order, its codes and signs whole. ``language``: what it
    is asked in, beside what its function words tell."""
    named = [*codes(question), *signs(question), *lettered(question)]
    said = content_terms_of_language(without_codes(question))
    if language:
        left = content_terms_of_language(without_codes(question), language)
        said = [term for term in said if term in left]
    return list(dict.fromkeys([*said, *named]))


def lettered(text: str) -> list[str]:
    """Words in capitals that other letters would make words of no meaning: "HI" and "ON" of a display, in small
    letters; none where all is in capitals."""
    if text.isupper() and len(text.split()) > MOST_LETTERED:
        return []
    return [word.casefold() for word in _CAPITALS.findall(text) if not content_terms(word)]


def signs(text: str) -> list[str]:
    """Options of commands and format codes: ``-F``, ``--force``, ``%B``, with the hyphens of a keyboard."""
    return [sign.translate(_DASHES) for sign in _SIGN.findall(text)]


def explained(text: str) -> str:
    """A text in which a sign that stands in a line alone stands before what explains it, in the next paragraph."""
    return _SIGNS_ALONE.sub(r"\1 ", text)


def explains(passage: Passage, question: str) -> bool:
    """Whether a passage opens with a sign that is asked for, or is the first under a heading that is one: it says what
    the sign does."""
    asked = signs(question)
    if not asked:
        return False
    opening = _SIGNS_FIRST.match(passage.text)
    heads = frozenset(signs(passage.text)).isdisjoint(asked) and not passage.own.isdisjoint(asked)
    return heads or (opening is not None and not set(asked).isdisjoint(signs(opening[0])))


def without_codes(text: str) -> str:
    """A text with blanks in place of its codes."""
    return _CODE.sub(lambda match: match[0] if _NO_CODE.fullmatch(match[0]) else " ", text)


def codes(text: str) -> list[str]:
    """Part numbers and error codes without separators, in small letters: ``e07`` for "E-07"; no "Fig. 3", "page 7"."""
    found = (match[0] for match in _CODE.finditer(text))
    return [_SEPARATORS.sub("", code).casefold() for code in found if not _NO_CODE.fullmatch(code)]


def as_written(code: str, text: str) -> str:
    """One of the :func:`codes` of a text as it stands there first, in capital letters: "TX-210-C" for "tx210c"."""
    written = (match[0] for match in _CODE.finditer(text))
    return next((said for said in written if _SEPARATORS.sub("", said).casefold() == code), code).upper()


def known_by(evidence: Evidence) -> frozenset[str]:
    """The terms of the title and the file name of a piece's document."""
    return _context(f"{evidence.doc_title} {evidence.doc_name.rsplit('.', 1)[0]}")


@lru_cache(maxsize=1024)
def _context(text: str) -> frozenset[str]:
    return frozenset([*content_terms(text), *codes(text)])


def _passage(
    evidence: Evidence,
    kind: Literal["sentence", "row", "figure"],
    text: str,
    own: str,
    context: frozenset[str],
    named: frozenset[str],
) -> Passage:
    spoken = content_terms(own)
    measured = content_terms(" ".join(sorted(quantities(own))))
    return Passage(
        evidence,
        kind,
        text,
        frozenset([*spoken, *measured, *codes(own), *signs(own), *lettered(own)]),
        context,
        frozenset(pairwise(spoken)),
        named,
    )
