"""A summary without a model: what a document, or a chapter of it, says of itself.

Of one document its title, the first sentences of its introduction, and its headings with pages; of a chapter the first
sentence below each of its headings; of several documents one line each. Every statement is marked with the passage that
shows it. Nothing is summed up that no heading or document is named for: such a question is searched for as any other.

    "summarize the safety chapter"   →   the chapter "1 Safety", heading by heading
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ingestion.elements import Chunk
from ingestion.formats.detect import bare_name
from rag.answering.languages.data import LANGUAGES, language_data, usual_chapters
from rag.answering.languages.wordings import beginnings_of, is_spaced, plain, words_of
from rag.answering.overviews.known import Known, Marked, prose_sentences
from rag.answering.overviews.small_talk import document_line, shown_name
from rag.answering.questions.chapters_asked import plainest
from rag.answering.questions.phrases import Phrases
from rag.text.analysis import terms
from rag.text.function_words import content_terms_of_language, language_of
from rag.text.passages import content_terms, cut
from rag.types import Query

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader
    from rag.storage.records.catalogue import DocumentRow

MOST_HEADINGS = 12
"""Headings of a document that are named."""

MOST_CHAPTERS = 30
"""Headings that are named where they are asked for."""

MOST_PARTS = 8
"""Headings of a chapter of which the first sentence is quoted; the same number of passages of one without."""

FEW_PASSAGES = 3
"""Passages of a chapter without further headings up to which all that they state is quoted, not only how they begin."""

MOST_DOCUMENTS = 12
"""Documents of several that get a line."""

FEW_HEADINGS = 3
"""Headings of a rank from which they show what a document is about; below, the next rank does."""

RANKS = 4
"""Ranks of headings that are looked at."""

LARGEST_CHAPTER = 0.6
"""Share of a document's passages below one heading, from which that is the document's own title."""

INTRODUCTION_SENTENCES = 2
LONGEST_INTRODUCTION = 420  # characters
LONGEST_SENTENCE = 260  # characters of the sentence quoted for a heading or a document
LEAST_WORDS = 6  # of a sentence that says something
LEAST_CHARACTERS = 15  # the same in scripts without spaces
FIRST_PAGES = 6  # in which the introduction is looked for
COMMON_BEGINNING = 5  # letters that a word of the question and one of a heading must share: "Sicherheitskapitel"

_INTRODUCTION = re.compile(
    r"\b(?:abstract|introduction|overview|summary|about\b(?-i:(?!\s+(?!Th)[A-Z]))|purpose|scope|description|einleitung|einführung|überblick|"
    r"zusammenfassung|zweck|beschreibung|résumé|présentation|objet|introducción|resumen|descripción|introduzione|"
    r"sommario|descrizione|inleiding|samenvatting|beschrijving|wstęp|wprowadzenie|streszczenie|opis|introdução|resumo|"
    r"descrição|giriş|özet|tanım)\b|概述|简介|引言|前言|摘要|はじめに|概要|序論|まえがき",
    re.IGNORECASE,
)
_NO_PART = re.compile(
    r"(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|table des matières|sommaire|índice|indice|inhoud(?:sopgave)?|"
    r"spis treści|sumário|içindekiler|目录|目次|index|figures|tables|references|bibliography|"
    r"(?:slide|page|folie|seite|diapositiva|diapositive) \d+)",
    re.IGNORECASE,
)
_NO_STATEMENT = re.compile(
    r"…|:.*:|©|\bcopyright\b|all rights reserved|https?:|www\.|@|\bISBN\b|\bdoi\b", re.IGNORECASE
)
_PART_NUMBER = re.compile(
    r"(?:chapter|section|part|kapitel|abschnitt|teil|chapitre|partie|capítulo|sección|parte|capitolo|sezione|hoofdstuk|"
    r"paragraaf|rozdzia\w+|bölüm\w*|seção)\s+(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\b|第\s*(\d{1,2})\s*章|"
    r"\b(\d{1,2})\.\s*bölüm\w*",
    re.IGNORECASE,
)
_CHINESE_NUMBERS = {number: str(i) for i, number in enumerate("一二三四五六七八九十", 1)}
_HEADING_NUMBER = re.compile(r"^(?:\w+\s+)?(\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})(?:[.):]?\s|$)|^第\s*(\d{1,2})\s*章")


def summary(index: IndexReader, query: Query, language: str, said: Phrases) -> Known | None:
    """Of the documents, or of the chapter, that a question asks to have summed up; None where it names something else.

    A chapter is known by its number or by the words of its heading, a document by the words of its name or title.
    ``language`` is that of the question.
    """
    rows: Sequence[DocumentRow] = [
        row for row in index.catalogue.documents() if query.within is None or row.id in query.within
    ]
    number = _part_number(query.text)
    about = _about(_PART_NUMBER.sub(" ", query.text), language)
    if about and len(rows) > 1:
        rows, about = named_in(about, rows)
    if not rows:
        return None
    if about or number:
        if len(rows) > MOST_DOCUMENTS:
            return None
        usual = usual_chapters(query.text, [language])
        usual = frozenset() if _about(_PART_NUMBER.sub(" ", query.text), language, usual) else usual
        return of_chapter(index, rows, _Asked(about, number, usual), said, language)
    marked = Marked(index)
    text = of_document(index, rows[0], marked, said) if len(rows) == 1 else _of_several(index, rows, marked, said)
    return Known(text, tuple(marked.evidence)) if marked.evidence else None


def _about(question: str, language: str, usual: frozenset[str] = frozenset()) -> frozenset[str]:
    """The terms that say what of the documents is meant, without the words of asking for a summary and without those
    for ``usual`` chapters."""
    data, asked = language_data(language), plain(question, language)
    for name in usual:
        asked = data.chapter(name).sub("", asked)
    if not is_spaced(language):
        for kind in ("opening", "summary", "filler"):
            asked = data.kind(kind).sub("", asked)
        for word in data.parts:
            asked = asked.replace(word, "")
        return frozenset(terms(asked)) if len(asked) > 1 else frozenset()
    patterns = [pattern for kind in ("opening", "summary") for pattern in data.kinds[kind]]
    asking = {*data.common, *data.parts, *words_of(patterns, language)}
    begun = tuple(beginnings_of(patterns, language))
    words = [word for word in asked.split() if word not in asking and not word.startswith(begun)]
    left = content_terms_of_language(" ".join(words), language)
    return frozenset(term for term in left if len(term) > 1 or term.isdigit())


def _part_number(question: str) -> str:
    for chinese, digit in _CHINESE_NUMBERS.items():
        question = question.replace(f"第{chinese}章", f"第{digit}章")
    match = _PART_NUMBER.search(question)
    return next((group for group in match.groups() if group), "") if match else ""


def named_in(about: frozenset[str], rows: Sequence[DocumentRow]) -> tuple[Sequence[DocumentRow], frozenset[str]]:
    """The one document of several that terms name, and what they say beyond its name; all of them where none or more
    are named alike."""
    most = max((len(about & names_of(row)) for row in rows), default=0)
    named = [row for row in rows if most and len(about & names_of(row)) == most]
    return (named, about - names_of(named[0])) if len(named) == 1 else (rows, about)


def names_of(row: DocumentRow) -> frozenset[str]:
    """The terms that a document is known by: those of its file's name and its title."""
    return frozenset(content_terms(f"{bare_name(row.name).replace('_', ' ').replace('-', ' ')} {row.title}"))


# -- a document ----------------------------------------------------------------------------------------------------


def of_document(index: IndexReader, row: DocumentRow, marked: Marked, said: Phrases) -> str:
    """A document's line, its introduction, and its main headings with their pages."""
    chunks = index.catalogue.chunks_of(row.id, kinds=("text",))
    parts = [document_line(row, said)]
    opening = introduction(chunks)
    if opening is not None:
        parts.append(marked.quoted(*opening))
    lines = _heading_lines(chunks, row, marked, said, MOST_HEADINGS)
    lines = lines or _captions(index, row, marked, said)
    return "\n\n".join([*parts, *(["\n".join(lines)] if lines else [])])


def contents(index: IndexReader, row: DocumentRow, marked: Marked, said: Phrases) -> str:
    """A document's line and its main headings with their pages; its captions where it has none."""
    lines = _heading_lines(index.catalogue.chunks_of(row.id, kinds=("text",)), row, marked, said, MOST_CHAPTERS)
    return "\n".join([document_line(row, said), "", *(lines or _captions(index, row, marked, said))])


def _heading_lines(chunks: Sequence[Chunk], row: DocumentRow, marked: Marked, said: Phrases, most: int) -> list[str]:
    headings = main_headings(chunks, row)
    lines = [f"- {shown_name(name)} ({said.page(chunk.page)}) {marked.mark(chunk)}" for name, chunk in headings[:most]]
    return lines + ([f"- {said.more(len(headings) - most)}"] if len(headings) > most else [])


def _captions(index: IndexReader, row: DocumentRow, marked: Marked, said: Phrases) -> list[str]:
    """What a document without headings shows: its figures and tables by their captions, else its first pages."""
    chunks = index.catalogue.chunks_of(row.id)
    captioned = [chunk for chunk in chunks if chunk.kind in ("figure", "table") and chunk.caption]
    shown = [(shown_name(chunk.caption).rstrip(" ."), chunk) for chunk in captioned[:MOST_PARTS]]
    if not shown and not marked.evidence:
        return [f"- {said.page(chunk.page)} {marked.mark(chunk)}" for chunk in chunks[:1]]
    return [f"- {cut(name, LONGEST_SENTENCE)} ({said.page(chunk.page)}) {marked.mark(chunk)}" for name, chunk in shown]


def _of_several(index: IndexReader, rows: Sequence[DocumentRow], marked: Marked, said: Phrases) -> str:
    lines = []
    for row in rows[:MOST_DOCUMENTS]:
        opening = introduction(index.catalogue.chunks_of(row.id, kinds=("text",)), 1, LONGEST_SENTENCE)
        line = f"- {document_line(row, said)}"
        # A line of its own: the number of pages is no part of what is cited.
        lines.append(f"{line}\n  {marked.quoted(*opening)}" if opening else line)
    if len(rows) > MOST_DOCUMENTS:
        lines.append(f"- {said.more(len(rows) - MOST_DOCUMENTS)}")
    return "\n".join(lines)


def is_part(name: str) -> bool:
    """Whether a heading names a part that says something: no list of contents, index or slide."""
    return _NO_PART.fullmatch(name) is None


def introduction(
    chunks: Sequence[Chunk], most: int = INTRODUCTION_SENTENCES, longest: int = LONGEST_INTRODUCTION
) -> tuple[str, Chunk] | None:
    """The first sentences of the introduction, else of the first passage that has any."""
    early = [chunk for chunk in chunks if chunk.page <= FIRST_PAGES]
    called = [chunk for chunk in early if _INTRODUCTION.search(chunk.heading.split(" > ")[-1])]
    for chunk in (*called, *early, *chunks[:FIRST_PAGES]):
        found = _statements(chunk)
        if found:
            words = found[0]
            for further in found[1:most]:
                words = f"{words} {further}" if len(words) + len(further) < longest else words
            return cut(words, longest), chunk
    return None


def _statements(chunk: Chunk) -> list[str]:
    """Its whole sentences that say something: no addresses, rights, lines of contents."""
    return [sentence for sentence in prose_sentences(chunk) if says_something(sentence)]


def _is_told(sentence: str) -> bool:
    """Whether a sentence or item is told where all of a chapter is: a warning may be three words long."""
    return not _NO_STATEMENT.search(sentence) and len(content_terms(sentence)) > 1


def says_something(sentence: str) -> bool:
    """Whether a sentence is a whole one that states something: no address, rights, line of contents."""
    if _NO_STATEMENT.search(sentence) or not re.search(r"(?<![.…])[.!?。！？][”\"»)]?$", sentence):
        return False
    if sentence[:1].islower():  # the rest of one that began elsewhere
        return False
    unspaced = re.search(r"[。！？]$", sentence) is not None
    return len(sentence) >= LEAST_CHARACTERS if unspaced else len(sentence.split()) >= LEAST_WORDS


def main_headings(chunks: Sequence[Chunk], row: DocumentRow) -> list[tuple[str, Chunk]]:
    """The headings of the first rank that tells a document's parts apart, each with its first passage."""
    ranks = [_headings(chunks, row, rank) for rank in range(RANKS)]
    return next((found for found in ranks if len(found) >= FEW_HEADINGS), max(ranks, key=len))


def _headings(chunks: Sequence[Chunk], row: DocumentRow, rank: int) -> list[tuple[str, Chunk]]:
    found: dict[str, Chunk] = {}
    title = names_of(row) | set(content_terms(" ".join(language_data(LANGUAGES[0]).parts)))
    for chunk in chunks:
        path = chunk.heading.split(" > ") if chunk.heading else []
        name = path[min(rank, len(path) - 1)].strip() if path else ""
        if sum(map(str.isalpha, name)) > 1 and not title.issuperset(content_terms(name)) and is_part(name):
            found.setdefault(name, chunk)
    return list(found.items())


# -- a chapter -----------------------------------------------------------------------------------------------------


class _Asked(NamedTuple):
    """What chapter is asked for: by the terms of its heading, its number, or as one of the usual ones."""

    about: frozenset[str]
    number: str
    usual: frozenset[str]


def usual_chapter(
    index: IndexReader, query: Query, usual: frozenset[str], language: str, said: Phrases
) -> Known | None:
    """One of the usual chapters of manuals in each of the documents that has it; None where none has, or where they are
    too many to be told one by one."""
    rows = [row for row in index.catalogue.documents() if query.within is None or row.id in query.within]
    if len(rows) > MOST_DOCUMENTS:
        return None
    return of_chapter(index, rows, _Asked(frozenset(), "", usual), said, language)


def numbered_chapter(
    index: IndexReader, rows: Sequence[DocumentRow], number: str, language: str, said: Phrases
) -> Known | None:
    """The chapter or section of a number in each of these documents that has one."""
    return of_chapter(index, rows, _Asked(frozenset(), number, frozenset()), said, language)


def of_chapter(
    index: IndexReader, rows: Sequence[DocumentRow], asked: _Asked, said: Phrases, language: str
) -> Known | None:
    """What a chapter says, heading by heading, in each of these documents that has it; None where none has."""
    marked, parts = Marked(index), []
    for row in rows:
        chunks = index.catalogue.chunks_of(row.id, kinds=("text",))
        paths = _chapter(chunks, asked, language)
        if paths:
            inside = [chunk for chunk in chunks if any(_below(chunk, path) for path in paths)]
            whole = len(paths) == 1
            name = shown_name(paths[0][-1]) if whole else asked.number
            opening = f"{name} ({shown_name(row.name)}, {said.page(inside[0].page)})"
            lines = _lines(inside, len(paths[0]) - (not whole), marked, said)
            parts += ["\n".join([opening, "", *lines])] if lines else []
    return Known("\n\n".join(parts), tuple(marked.evidence)) if parts and marked.evidence else None


def _lines(inside: Sequence[Chunk], depth: int, marked: Marked, said: Phrases) -> list[str]:
    """A line for each heading in a chapter, with the first sentence below it; for its passages where it has none."""
    by_heading: dict[str, list[Chunk]] = {}
    for chunk in inside:
        path = chunk.heading.split(" > ")
        by_heading.setdefault(path[depth] if len(path) > depth else "", []).append(chunk)
    if len(by_heading) == 1 and len(inside) <= FEW_PASSAGES:
        told = [(sentence, chunk) for chunk in inside for sentence in prose_sentences(chunk) if _is_told(sentence)]
        lines = [f"- {marked.quoted(cut(sentence, LONGEST_SENTENCE), chunk)}" for sentence, chunk in told[:MOST_PARTS]]
        if lines:
            return lines + ([f"- {said.more(len(told) - MOST_PARTS)}"] if len(told) > MOST_PARTS else [])
    if len(by_heading) == 1:
        by_heading = {f"{i}": [chunk] for i, chunk in enumerate(inside)}
    named = any(not name.isdigit() for name in by_heading)
    lines = []
    for name, chunks in sorted(by_heading.items(), key=lambda item: _order(item[0])):
        found = next(((s[0], chunk) for chunk in chunks if (s := _statements(chunk))), None)
        shown = found[1] if found else chunks[0]
        lead = f"{shown_name(name)} ({said.page(shown.page)})" if named and name else ""
        if found:
            lines.append(f"- {lead}{': ' if lead else ''}{marked.quoted(cut(found[0], LONGEST_SENTENCE), found[1])}")
        elif lead:
            lines.append(f"- {lead} {marked.mark(shown)}")
    more = len(lines) - MOST_PARTS
    return lines[:MOST_PARTS] + ([f"- {said.more(more)}"] if more > 0 else [])


def _chapter(chunks: Sequence[Chunk], asked: _Asked, language: str) -> list[tuple[str, ...]]:
    """The heading, with those above it, that a chapter asked for has: its number, else all words that say what it is
    about, else what usual chapter it is, in whatever language; the highest of several, none where no heading has. Of a
    chapter whose own heading is missing its sections."""
    paths = dict.fromkeys(
        tuple(path[: rank + 1])
        for chunk in chunks
        if chunk.heading
        for path in [chunk.heading.split(" > ")]
        for rank in range(len(path))
    )
    paths = {path: None for path in paths if sum(_below(c, path) for c in chunks) <= LARGEST_CHAPTER * len(chunks)}
    if asked.number:
        return _numbered(chunks, list(paths), asked.number.casefold(), language)
    fitting = [path for path in paths if asked.about and all(_said_in(term, path[-1]) for term in asked.about)]
    if not fitting and asked.usual:
        name = plainest(dict.fromkeys(path[-1] for path in sorted(paths, key=len)), asked.usual, language)
        fitting = [path for path in paths if path[-1] == name]
    best = min(fitting, key=lambda path: (len(path), len(path[-1])), default=())
    return [best] if best else []


def _numbered(
    chunks: Sequence[Chunk], paths: Sequence[tuple[str, ...]], number: str, language: str
) -> list[tuple[str, ...]]:
    """The heading of a number, else those of its sections; of a manual in several languages those in ``language``."""
    numbers = {path: _number_of(path[-1]).casefold() for path in paths}
    own = [path for path in paths if numbers[path] == number]
    own = own or [path for path in paths if numbers[path].startswith(f"{number}.")]
    spoken = [path for path in own if _spoken_below(chunks, path) == language]
    kept = spoken or own
    highest = min(map(len, kept), default=0)
    kept = [path for path in kept if len(path) == highest]
    return kept[:1] if kept and numbers[kept[0]] == number else kept


def _spoken_below(chunks: Sequence[Chunk], path: tuple[str, ...]) -> str:
    return language_of(" ".join(chunk.text for chunk in chunks if _below(chunk, path)))


def _number_of(heading: str) -> str:
    match = _HEADING_NUMBER.match(heading)
    return next((group for group in match.groups() if group), "") if match else ""


def _order(heading: str) -> tuple[int, ...]:
    """Headings without numbers first, numbered ones in the order of these: columns are read in another."""
    return tuple(int(part) for part in _number_of(heading).split(".") if part.isdigit())


def _said_in(term: str, heading: str) -> bool:
    """Whether a heading has a word of the question, or one that begins as it does: "Sicherheitskapitel"."""
    own = terms(heading)
    short = term[:COMMON_BEGINNING]
    return term in own or (len(short) == COMMON_BEGINNING and any(word.startswith(short) for word in own))


def _below(chunk: Chunk, path: tuple[str, ...]) -> bool:
    return tuple(chunk.heading.split(" > ")[: len(path)]) == path
