"""Quotations put together as a question asks for them: steps in their order, lists and tables whole, rows, sentences.

Each line carries its marker. What is composed here is never more than what stands in the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from rag.answering.citing.markers import without_brackets
from rag.answering.extraction.compared_rows import rows_beyond
from rag.answering.extraction.quoted_text import LONGEST, LONGEST_HEADING, cited, quoted
from rag.answering.extraction.rows_named import rows_named
from rag.answering.extraction.table_rows import few_rows, introducing, longest_cell, whole_table
from rag.answering.facts.amounts import amounts
from rag.answering.facts.colours import colours
from rag.answering.facts.fact_check import numbers
from rag.answering.passages.definitions import definitions
from rag.answering.passages.lists import (
    SENTENCE_ENDS,
    Listing,
    is_numbered,
    legible,
    like_title,
    listings,
    step_number,
    without_mark,
)
from rag.answering.passages.procedures import Step, procedure
from rag.answering.passages.quotations import Passage, explained, explains, prose_of, tables_of, without_codes
from rag.answering.passages.references import references
from rag.answering.questions.kinds import Kind, QuestionKinds
from rag.answering.questions.phrases import Phrases
from rag.answering.questions.sought import Sought
from rag.text.passages import ITEM_MARK, Table, content_terms, cut, items, sentences
from rag.types import Evidence

MOST_ITEMS = 14
"""Steps of a list that are shown; the rest is counted."""

LONGEST_ITEM = 260
"""Characters of a step."""

SAID = 0.6
"""Share of a question's weight in a sentence above which it stands for itself: what follows is about something else."""

HEADED = 0.5
"""Share of a question in a heading, or of a heading in a question, from which the sentences under it are what to do."""

MOST_SENTENCES = 4
"""Of such a paragraph."""

LONGEST_PROSE = 700
"""Characters of them."""

LONGEST_PARAGRAPH = 450
"""Characters of a paragraph that is quoted whole where it is not sure which of its sentences answers."""

ONE_FACT: tuple[Kind, ...] = ("value", "count", "yes_no", "which", "definition")
"""Kinds of questions that one item of a list answers."""

OF_SEVERAL: tuple[Kind, ...] = ("which", "list", "other")
"""Kinds of questions that all rows answer which have a cell that is named."""

LONGEST_BARE = 5
"""Words of an item of a list that says nothing without what it is listed under."""

LEAST_EXPLAINED = 2
"""Items with a sentence below them from which a list is one of titles that are explained."""

WHOLE_TABLE = 1.25
"""How much more of a question must stand around a table's row (caption, heading, column names) than in it for the
question to be about the whole table."""

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_STEP_NUMBER = re.compile(r"^\W*\d{1,2}\s*[-–.):]\s")


def composed(
    quotes: Sequence[Passage],
    kinds: QuestionKinds,
    said: Phrases,
    found: Sought,
    near: bool = False,
    evidence: Sequence[Evidence] = (),
) -> list[str]:
    """One text for each quotation: a line, or a block of lines where it is a list or a table. ``near``: they are only
    the closest; ``evidence``: where the steps of a procedure may go on."""
    texts: list[str] = []
    used: set[tuple[int, str]] = set()
    tabled: set[int] = set()  # numbers of pieces of which a table is shown
    told = frozenset[str]()
    for place, passage in enumerate(quotes):
        listing = _listing(passage, kinds, quotes) if place == 0 else None
        if listing:
            steps = procedure(listing, passage.evidence, evidence)
            texts.append(_steps(listing, steps, passage, said))
            told = frozenset(content_terms(" ".join([listing.introduction, *(step.words for step in steps)])))
            used.add((passage.evidence.number, without_mark(listing.introduction) or listing.items[0]))
            used |= {(step.number, without_mark(step.words)) for step in steps}
            continue
        table = _table(passage, kinds, found) if place == 0 else None
        if table:
            texts.append(whole_table(table, passage, said, counted=kinds.wants("count")))
            tabled.add(passage.evidence.number)
            continue
        table = _same_fault(passage, kinds, found) if place == 0 else None
        if table:
            longest, counted = longest_cell(table), kinds.wants("count")
            texts.append(whole_table(table, passage, said, longest, counted, found.question))
            tabled.add(passage.evidence.number)
            continue
        prose = _prose(passage, kinds, found) if place == 0 else ()
        if prose:
            number = passage.evidence.number
            texts.append(" ".join(cited(cut(without_brackets(s), LONGEST_ITEM), number) for s in prose))
            told = frozenset(content_terms(" ".join(prose)))
            used |= {(number, sentence) for sentence in prose}
            continue
        if any(n == passage.evidence.number and _within(passage.text, words) for n, words in used):
            continue
        if passage.kind == "row" and passage.evidence.number in tabled:
            continue
        table = few_rows(passage, quotes[place:], kinds, found) if passage.kind == "row" else None
        if table:
            texts.append(whole_table(table, passage, said, longest_cell(table), question=found.question))
            tabled.add(passage.evidence.number)
            continue
        beside = told and passage.kind == "sentence" and kinds.wants("procedure")
        if beside and (like_title(passage.text) or not found.adds(passage, told)):
            continue
        paragraph = paragraph_of(passage, kinds, found) if place == 0 else ()
        if paragraph:
            number = passage.evidence.number
            line = " ".join(cited(without_brackets(s), number) for s in paragraph)
            used |= {(number, sentence) for sentence in paragraph}
            texts.append(_with_introduced(line, paragraph[-1], passage, said, evidence, used))
            continue
        above = _said_above(passage, kinds) if place == 0 else ""
        if above:
            number = passage.evidence.number
            item = cited(cut(without_brackets(without_mark(passage.text)), LONGEST_ITEM), number)
            texts.append("\n".join([introducing(without_brackets(_last_of(above)), number), "", f"- {item}"]))
            continue
        number, line = passage.evidence.number, quoted(_with_list(passage), found.question, said, near)
        following = _next_sentence(passage, kinds, found, len(quotes) == 1)
        if following and not any(p.evidence.number == number and p.text == following for p in quotes[:place]):
            line = f"{line} {cited(cut(without_brackets(ITEM_MARK.sub('', following)), LONGEST_ITEM), number)}"
            used.add((number, following))
        texts.append(_with_introduced(line, following or passage.text, passage, said, evidence, used))
    return texts


def _with_introduced(
    line: str,
    sentence: str,
    passage: Passage,
    said: Phrases,
    evidence: Sequence[Evidence],
    used: set[tuple[int, str]],
) -> str:
    """A line that ends with a sentence of a passage, and below it the list that the sentence introduces, if any; its
    items are added to those ``used``."""
    listing = _introduced(sentence, passage)
    if listing is None:
        return line
    steps = procedure(listing, passage.evidence, evidence)
    used |= {(step.number, without_mark(step.words)) for step in steps}
    return f"{line}\n\n{_steps(listing._replace(introduction=''), steps, passage, said)}"


def stands_in_list(passage: Passage) -> bool:
    """Whether a sentence introduces a list or is an item of one."""
    return passage.kind == "sentence" and legible(passage.text) in _said_in_lists(prose_of(passage.evidence))


def introduction_of(passage: Passage) -> str:
    """The line before the list that a passage is an item of; empty where there is none."""
    held = listings(prose_of(passage.evidence))
    return next((listing.introduction for listing in held if listing.has(passage.text) is not None), "")


@lru_cache(maxsize=64)
def _said_in_lists(text: str) -> frozenset[str]:
    """The sentences of a text that introduce a list or are of its items."""
    found = listings(text)
    parts = [part for listing in found for part in (_introduction(listing), *listing.items)]
    return frozenset(sentence for part in parts for sentence in (legible(part), *sentences(legible(part))))


def _within(text: str, words: str) -> bool:
    return without_mark(text) in words or words in text


def _listing(passage: Passage, kinds: QuestionKinds, quotes: Sequence[Passage]) -> Listing | None:
    """The list that a sentence introduces, or is a step of where a procedure or a list is asked for, or where another
    quotation is of the same list and no single fact is asked for."""
    if passage.kind != "sentence" or (not kinds.wants("procedure", "list", "summary") and _explanation(passage)):
        return None
    text = legible(passage.text)
    for listing in listings(prose_of(passage.evidence)):
        if text in _introduction(listing):
            return listing
        if listing.has(text) is None:
            continue
        numbered = is_numbered(listing.items[0])
        if kinds.wants("procedure") and (numbered or len(listing.items) <= MOST_ITEMS):
            return listing
        if kinds.wants("list", "summary"):
            return listing
        others = [p for p in quotes if p is not passage and p.evidence is passage.evidence]
        if len(listing.items) <= MOST_ITEMS and not kinds.wants(*ONE_FACT):
            return listing if any(listing.has(p.text) is not None for p in others) else None
        return None
    if kinds.wants("procedure") and step_number(text):  # the only one on its page
        return Listing("", (text,))
    return None


def _with_list(passage: Passage) -> Passage:
    """An item of a few words with what it is listed under: "Unsuitable for dishwashers: silver objects"."""
    bare = ITEM_MARK.sub("", passage.text)
    if bare == passage.text or is_numbered(passage.text) or len(bare.split()) > LONGEST_BARE:
        return passage
    title = introduction_of(passage) or passage.evidence.chunk.heading.split(" > ")[-1]
    if not title or len(title) > LONGEST_HEADING:
        return passage
    return replace(passage, text=f"{without_mark(title).rstrip(' :：.')}: {bare}")


def _said_above(passage: Passage, kinds: QuestionKinds) -> str:
    """What introduces the list that a passage is an item of, where that says what an item means or what to do: "In
    these cases unplug the unit and call the service:" above the code that a display shows."""
    if passage.kind != "sentence" or not kinds.wants("meaning", "cause") or is_numbered(passage.text):
        return ""
    introduction = introduction_of(passage)
    said = introduction.rstrip().endswith((":", "：")) and len(introduction.split()) > LONGEST_BARE
    return introduction if said and not _explanation(passage) else ""


def _introduced(sentence: str, passage: Passage) -> Listing | None:
    """The list that a sentence ends before: "The following may disturb it:"."""
    if passage.kind != "sentence" or not sentence.rstrip().endswith((":", "：")):
        return None
    held = listings(prose_of(passage.evidence))
    return next((listing for listing in held if legible(listing.introduction).endswith(legible(sentence))), None)


def _introduction(listing: Listing) -> str:
    """The line before a list, but one that only sends its reader elsewhere."""
    return "" if any(reference.pointing for reference in references(listing.introduction)) else listing.introduction


def _said_in_heading(listing: Listing, passage: Passage) -> str:
    """The heading above a list without an introduction, where it is a sentence: "In these cases stop the unit."."""
    heading = passage.evidence.chunk.heading.split(" > ")[-1].strip()
    first = prose_of(passage.evidence).lstrip().startswith(listing.items[0])
    return heading if first and heading.endswith((*SENTENCE_ENDS, ":")) and len(heading.split()) > LONGEST_BARE else ""


def _last_of(introduction: str) -> str:
    """Of a long introduction the last sentences, which end with the colon."""
    said = sentences(introduction)
    while len(said) > 1 and sum(map(len, said)) > LONGEST_ITEM:
        said.pop(0)
    return cut(" ".join(said), LONGEST_ITEM)


def _steps(listing: Listing, steps: Sequence[Step], passage: Passage, said: Phrases) -> str:
    """The introduction, warnings above the steps and the steps, a line for each; of many those around the passage."""
    opening = _introduction(listing) or _said_in_heading(listing, passage)
    introduction = without_brackets(_last_of(opening))
    introduction = "" if any(step.words in (opening, listing.introduction) for step in steps) else introduction
    lines = [introducing(introduction, passage.evidence.number), ""] if introduction else []
    at = next((i for i, step in enumerate(steps) if _within(passage.text, step.words)), 0)
    start = max(0, min(at - MOST_ITEMS + 3, len(steps) - MOST_ITEMS)) if at >= MOST_ITEMS else 0
    shown = steps[start : start + MOST_ITEMS]
    body: list[str] = []
    for step in shown:
        words = cut(without_brackets(" ".join(step.words.split())), LONGEST_ITEM)
        if step.warns:
            body += ["", cited(words, step.number), ""]
            continue
        words = words if is_numbered(words) else f"- {without_mark(words)}"
        body.append(cited(words, step.number))
    rest = len(steps) - start - len(shown)
    if rest:
        body.append(f"- {said.more(rest)}")
    return "\n".join([*lines, *body]).strip()


def _table(passage: Passage, kinds: QuestionKinds, found: Sought) -> Table | None:
    """The table of a row where the question is about the whole of it, or about the rows that lie beyond a number or
    that it names by a cell: "Which tasks are yearly?"."""
    held = tables_of(passage.evidence) if passage.kind == "row" else []
    table = next((t for t in held if any(t.readable(row) == passage.text for row in t.rows)), None)
    if table is None:
        return None
    left = rows_beyond(table, kinds, found)
    if left and table.readable(left.rows[0]) == passage.text:
        return left
    named = rows_named(table, found.question)
    several = 1 < len(named.rows) < len(table.rows) and any(table.readable(r) == passage.text for r in named.rows)
    if several and kinds.wants(*OF_SEVERAL) and not kinds.wants("value", "meaning", "cause", "label"):
        return named
    own, around = found.covered(passage), found.around(passage)
    whole = kinds.wants("list", "count", "summary") and not kinds.wants("value", "which", "meaning")
    if not whole or around < WHOLE_TABLE * own:
        return None
    return named if kinds.wants("count") else table


def _same_fault(passage: Passage, kinds: QuestionKinds, found: Sought) -> Table | None:
    """The rows of a table that begin as the quoted one does, where there are several: all causes of one fault, which
    may be told without a question, "black marks on the shirts"."""
    if passage.kind != "row" or not kinds.wants("cause", "meaning", "other"):
        return None
    for table in tables_of(passage.evidence):
        quoted_row = next((row for row in table.rows if table.readable(row) == passage.text), None)
        if quoted_row is not None:
            if kinds.wants("other") and found.share(quoted_row[0]) < HEADED:
                return None
            rows = [row for row in table.rows if row[0] and row[0] == quoted_row[0]]
            lamp = colours(found.question)
            rows = [row for row in rows if lamp & colours(" ".join(row))] or rows
            return Table(table.header, rows) if 1 < len(rows) <= MOST_ITEMS else None
    return None


def _prose(passage: Passage, kinds: QuestionKinds, found: Sought) -> tuple[str, ...]:
    """The sentences of a procedure told in prose, in their order: of the text under a heading that says most of the
    question, from its first, or where the passage stands too far below, from that; none where it is no such text."""
    title = passage.evidence.chunk.heading.split(" > ")[-1]
    if passage.kind != "sentence" or not kinds.wants("procedure") or not _is_about(title, found):
        return ()
    held = [s for block in _blocks(passage) for s in sentences(block)]
    if passage.text not in held or any(ITEM_MARK.match(s) for s in held) or _definition(passage):
        return ()
    at = held.index(passage.text)
    start = 0 if at < MOST_SENTENCES else at
    shown = [s for s in held[start : start + MOST_SENTENCES] if s != title]
    while len(shown) > 1 and shown[-1] != passage.text and sum(map(len, shown)) > LONGEST_PROSE:
        shown.pop()
    return tuple(shown) if len(shown) > 1 else ()


def _is_about(title: str, found: Sought) -> bool:
    own = [term for term in dict.fromkeys(content_terms(title)) if not term.isdigit()]
    asked = [term for term in own if found.share(term)]
    return bool(asked) and (found.share(title) >= HEADED or len(asked) >= HEADED * len(own))


def _blocks(passage: Passage) -> list[str]:
    return explained(prose_of(passage.evidence)).split("\n\n")


def _paragraphs(passage: Passage) -> list[list[str]]:
    """The sentences of each paragraph, list item and definition of a piece."""
    return [part for block in _blocks(passage) for item in items(block) for part in definitions(item)]


def _definition(passage: Passage) -> tuple[str, ...]:
    """The sentences of the definition that a sentence is of, of a long one the first and this; none where it is of none
    or alone."""
    for item in (item for block in _blocks(passage) for item in items(block)):
        parts = definitions(item)
        held = next((part for part in parts if passage.text in part), None) if len(parts) > 1 else None
        if held and len(held) > 1:
            short = sum(map(len, held)) <= LONGEST_PARAGRAPH
            return tuple(held) if short else tuple(dict.fromkeys((held[0], passage.text)))
    return ()


def paragraph_of(passage: Passage, kinds: QuestionKinds, found: Sought) -> tuple[str, ...]:
    """The sentences of a short paragraph of which one says little of the question: any of them may answer it. Of one
    that says most of it, but no number where one may be asked for, those from it on: "Baud rate: the speed of … We
    provide two types: …". Of a definition all of it."""
    if passage.kind != "sentence" or kinds.wants("comparison"):
        return ()
    if definition := _definition(passage):
        return definition
    plain = ITEM_MARK.sub("", passage.text)
    said = found.covered(passage) > SAID
    if (kinds.wants("value", "count") and amounts(plain)) or (said and numbers(plain)):
        return ()
    for held in _paragraphs(passage):
        if passage.text in held:
            shown = held[held.index(passage.text) if said else 0 :]
            whole = len(shown) > 1 and sum(map(len, shown)) <= LONGEST_PARAGRAPH
            return tuple(ITEM_MARK.sub("", s) for s in shown) if whole else ()
    return ()


def _next_sentence(passage: Passage, kinds: QuestionKinds, found: Sought, alone: bool) -> str:
    """What follows a sentence in its paragraph, where the answer may go on there: however long of the one quotation
    for a procedure, a cause or a yes or no (the remedy, the condition); else where both are short, and the sentence
    says neither the number that is asked for nor most of the question; and where what follows has the first number that
    the question does not give: "Fit it with the 4 screws. Torque: 9 Nm"."""
    if passage.kind != "sentence":
        return ""
    explanation = _explanation(passage)
    if explanation:
        return explanation
    longest, following = LONGEST - len(passage.text), _following(passage)
    if alone and (kinds.wants("procedure", "cause", "yes_no") or explains(passage, found.question)):
        longest = len(passage.evidence.text)
    elif kinds.wants("value", "count") and _goes_on_with_number(passage, following, found.question):
        longest = LONGEST_ITEM
    elif found.covered(passage) > SAID or (kinds.wants("value", "count") and numbers(passage.text)):
        return ""
    return following if len(following) <= longest else ""


def _following(passage: Passage) -> str:
    """The sentence after one in its paragraph or item; empty where it is the last."""
    for held in _paragraphs(passage):
        if passage.text in held[:-1]:
            return held[held.index(passage.text) + 1]
    return ""


def _goes_on_with_number(passage: Passage, following: str, question: str) -> bool:
    return not _own_numbers(passage.text, question) and bool(_own_numbers(following, question))


def _own_numbers(text: str, question: str) -> frozenset[str]:
    """The numbers of a sentence that the question does not give, nor are the number of a step."""
    said = _STEP_NUMBER.sub("", text)
    return frozenset(_DIGITS.findall(without_codes(said))) - frozenset(_DIGITS.findall(question))


def _explanation(passage: Passage) -> str:
    """What is said below an item that is only a title, in a list of such: of "3x blinking, long pause" what that is."""
    title = ITEM_MARK.sub("", passage.text).rstrip(" …")
    if title == passage.text or is_numbered(passage.text) or not like_title(title):
        return ""
    said = [sentence for block in _blocks(passage) for item in items(block) for sentence in item]
    below = {a: i for i, (a, b) in enumerate(pairwise(said), 1) if ITEM_MARK.match(a) and not ITEM_MARK.match(b)}
    if passage.text not in below or len(below) < LEAST_EXPLAINED:
        return ""
    shown = [said[below[passage.text]]]
    for sentence in said[below[passage.text] + 1 :]:
        if ITEM_MARK.match(sentence) or len(" ".join([*shown, sentence])) > LONGEST_ITEM:
            break
        shown.append(sentence)
    return " ".join(shown) if shown[0].endswith(SENTENCE_ENDS) else ""
