"""What passages, and the pages they stand on, are worth beside the words they share with a question: by the kind of the
question, and by what has its form.

    "How do I change the speed?"     steps under "Changing the speed"
    "How heavy is it?"               Weight: 14.2 kg
    "at level 3"                     the row with 3 in the column "Level"
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from rag.answering.extraction.chapter_quoted import stands_in
from rag.answering.extraction.compose import stands_in_list
from rag.answering.extraction.entitled import is_entitled
from rag.answering.extraction.named_cells import (
    is_keyed,
    is_named_whole,
    is_task,
    labels_noun,
    names_cell,
    names_quantity,
    names_unit,
    says_otherwise,
)
from rag.answering.extraction.passage_shape import (
    announces,
    counts,
    crosses,
    entitles,
    is_count,
    is_title,
    says_where,
    strange_pieces,
)
from rag.answering.extraction.quoted_text import caption_words
from rag.answering.facts.amounts import has_number, units_in
from rag.answering.facts.colours import colours
from rag.answering.facts.units import MEASURES, periods
from rag.answering.passages.quotations import Passage, codes, explains, without_codes
from rag.answering.questions.asked_forms import has_form
from rag.answering.questions.chapters_asked import chapters_asked
from rag.answering.questions.kinds import Quantity, QuestionKinds
from rag.answering.questions.quantities_asked import asks_of_itself
from rag.answering.questions.sought import Sought, asked_noun, measures, within_range
from rag.text.passages import ITEM_MARK
from rag.types import Evidence

LATER_PAGE = 0.6
"""What a page loses with the logarithm of its place in the search, in shares of the question that its best passage has:
the search has seen more than words. At .35 another page was taken for 65 questions of four sets: the search was right
in 29 of them, the other page in 18."""

STEPS_WANTED = 1.0
"""Added to the score of what introduces steps or is one of them where a procedure is asked for, by its share of the
question: the steps of something else are no answer."""

STEP_ASKED = 0.5
"""Added to a page with a step that says all of a question for a procedure, where the page that was found first has it
in no words: a chart may only name it."""

NAMED = 3.0
"""Added to the score of what holds the noun that is asked for: the "part" of "which part"."""

OFTEN = 1.0
"""Added to a page, and to a passage's score, that says how often, where that is asked: "weekly", "every 300 h"."""

MEASURED_PAGE = 0.15
"""Added to a page with a unit of the quantity that is asked for: "min" where a time is."""

IDENTIFIED = 0.5
"""Added to a page that has the noun asked for beside a code: "Filter FX-500-A" says which filter, "Change the filter
every 500 hours" does not."""

WORDLESS = 0.3
"""What a page loses of which only pictures without a word were found, where a cause is asked for."""

UNNAMED_FIGURE = 1.0
"""What a figure loses whose caption has no word: what it shows is only guessed."""

WITHIN = 3.0
"""Added to the score of a row with a range that a number of the question lies in: "19 - 22" where 20 is asked for."""

CROSSED = 1.0
"""Added to the score of a table's row that begins with a word of the question in whose column names stands another: the
display of "casserole"."""

COUNTED = 2.0
"""Added to the score of "Number of ports: 3", or of "up to three ports", where a number of ports is asked for."""

TITLE = 1.5
"""What a title loses where a procedure is asked for: it only says what the steps are about."""

OTHER_LANGUAGE = 2.0
"""What a passage loses in a document of several languages that is not in the question's, or else in the commonest."""

OTHER_PAGE = 0.5
"""What a page of nothing but such passages loses."""

HEADED = 0.5
"""Added to a page with steps under a heading that says most of a question for a procedure."""

ENTITLED = 4.0
"""Added to the score of such a step."""

CELL_NAMED = 4.0
"""Added to the score of a row by whose cell the question tells which row it asks for: "at level 3", "for 13 A"."""

KEYED = 3.0
"""Added to the score of the row of a code that is asked for: "E04" where another place only says that it came up."""

NAMED_WHOLE = 1.5
"""Added to the score of the row "Low battery" for "a low battery", where there is one "Low battery restored", too."""

LABELS_NOUN = 3.0
"""Added to the score of the row "Fuse F1 | T 5 A" for "which fuse"."""

LABELS_NOUN_PAGE = 0.6
"""Added to its page."""

TASK = 2.0
"""Added to the score of a row that says what is to be done in the question's words where a procedure is asked for."""

TASK_PAGE = 0.5
"""Added to its page."""

KEYED_PAGE = 1.0
"""Added to its page."""

MUCH = 0.4
"""Share of a question in and around a row from which it is about what the question asks."""

LABELLED = 4.5
"""Added to the score of what is labelled with the quantity that is asked for: "Weight: 14 kg" where "how heavy" is."""

LABELLED_PAGE = 0.8
"""Added to a page that has such a label, where the page that was found first measures nothing of the kind."""

OF_ITSELF = 1.5
"""The same where the quantity is asked for of the thing itself, and of no part of it."""

PLACED = 1.0
"""Added to the score of what says that something is located somewhere, where a place is asked for."""

FORM = 3.0
"""Added to the score of what has the form that is asked for: a telephone number where one is."""

FORM_PAGE = 1.0
"""Added to its page."""

EXPLAINED = 3.0
"""Added to the score of what opens with the option or format code that is asked for; to its page half a share of the
question."""

ENTITLING = 1.5
"""Added to the score of what stands under a heading of which every word is asked for: "2.3.4 Pine" for "How do I use it
with Pine?"."""

ANNOUNCED = 3.0
"""The same for what introduces the list that is asked for by saying how many there are."""

FAULT_ROW = 0.5
"""Added to a page with a row that says all of a question for a cause, where the page that was found first has it in no
one passage."""


_LASTS = re.compile(r"[\d一二三四五六七八九十数]\s?(?:秒|分|時間|小時|小时|日|天|週|周|[かヶカヵ个個]月|年)")
"""How long something lasts in Chinese and Japanese, whose units end in no blank: "約30秒後"."""

COLOURED = 1.5
"""Added to the score of what names the colour of a lamp that is asked for, in any language, and taken from what names
only others."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for: what is ``found`` by, the ``kinds`` of the question, and all the ``evidence``."""

    found: Sought
    kinds: QuestionKinds
    evidence: tuple[Evidence, ...]

    @cached_property
    def _strange(self) -> frozenset[int]:
        return strange_pieces(self.evidence, self.kinds.language)

    @cached_property
    def _noun(self) -> frozenset[str]:
        return asked_noun(self.found.question) if self.kinds.wants("which") else frozenset()

    @property
    def _often(self) -> bool:
        return "frequency" in self.kinds.quantities

    @property
    def _steps(self) -> bool:
        return self.kinds.wants("procedure")

    def best_first(self, pages: Sequence[list[Passage]]) -> list[list[Passage]]:
        """The pages that the search found first, given in its order, by what they are worth: the first is the one to
        quote from."""
        said = any(p.kind != "figure" and self.found.covered(p) >= 1.0 for p in pages[0])
        measured = any(_measures(p, self.found, self.kinds) for p in pages[0])
        worth = [
            max(self._for_page(p, said, measured) for p in held) + self._of_page(held) - LATER_PAGE * log(place)
            for place, held in enumerate(pages, 1)
        ]
        return [pages[place] for place in sorted(range(len(pages)), key=lambda place: -worth[place])]

    def _for_page(self, passage: Passage, said: bool, measured: bool) -> float:
        """What a passage is worth to its page. ``said``: the first page has all of the question in a passage;
        ``measured``: it measures what is asked for."""
        found = self.found
        worth = found.around(passage) + OFTEN * (self._often and _says_how_often(passage, found))
        worth += MEASURED_PAGE * _measures(passage, found, self.kinds)
        worth += IDENTIFIED * _identifies(passage, self._noun, found)
        if names_quantity(passage, self.kinds):
            itself = asks_of_itself(found.question, self.kinds, passage.known_by)
            worth += OF_ITSELF if itself else LABELLED_PAGE * (not measured)
        worth += FORM_PAGE * has_form(found.question, passage.text) + LABELS_NOUN_PAGE * self._labels_noun(passage)
        worth += TASK_PAGE * (self._steps and is_task(passage, found))
        worth += 0.5 * (explains(passage, found.question) or self._announces(passage))
        worth += KEYED_PAGE * (is_keyed(passage, found.question) or self._names_cell(passage))
        if said:
            return worth
        if self._steps:
            return worth + STEP_ASKED * is_step(passage, found)
        return worth + FAULT_ROW * (self.kinds.wants("cause") and passage.kind == "row" and found.covered(passage) >= 1)

    def _of_page(self, held: Sequence[Passage]) -> float:
        """What all the passages of a page add to it."""
        worth = -OTHER_PAGE * all(p.evidence.number in self._strange for p in held)
        worth += HEADED * (self._steps and any(is_entitled(p, self.found, self.evidence) for p in held))
        return worth - WORDLESS * (self.kinds.wants("cause") and not any(p.own for p in held))

    def added(self, passage: Passage) -> float:
        """What is added to the score of a passage of the page that is quoted from."""
        found, kinds = self.found, self.kinds
        worth = self._for_steps(passage) if self._steps else 0.0
        worth += OFTEN * (self._often and _says_how_often(passage, found))
        worth -= UNNAMED_FIGURE * (not kinds.wants("label", "place") and _unnamed(passage))
        worth -= OTHER_LANGUAGE * (passage.evidence.number in self._strange)
        worth += WITHIN * (passage.kind == "row" and within_range(found.question, passage.text, passage.context))
        worth += CROSSED * (kinds.wants("value", "which", "count") and crosses(passage, found))
        worth += CELL_NAMED * (names_cell(passage, found.question) or names_unit(passage, found.question))
        worth += KEYED * is_keyed(passage, found.question) + NAMED_WHOLE * is_named_whole(passage, found)
        worth += FORM * has_form(found.question, passage.text) + LABELS_NOUN * self._labels_noun(passage)
        worth += TASK * (self._steps and is_task(passage, found))
        worth += PLACED * (kinds.wants("place") and says_where(passage))
        worth += LABELLED * says_otherwise(passage, kinds, found)
        worth += COLOURED * self._coloured(passage)
        if kinds.wants("count"):
            worth += COUNTED * (is_count(passage, found) or counts(passage, found.question))
        if kinds.wants("list"):
            worth += ENTITLED * is_entitled(passage, found, self.evidence, steps=False)
        worth += ENTITLING * entitles(passage, found)
        worth += EXPLAINED * explains(passage, found.question) + ANNOUNCED * self._announces(passage)
        return worth + NAMED * bool(self._noun and self._noun <= _own_and_columns(passage))

    @cached_property
    def _colours(self) -> frozenset[str]:
        """Those of a lamp whose meaning is asked for."""
        return colours(self.found.question) if self.kinds.wants("meaning", "cause") else frozenset()

    def _coloured(self, passage: Passage) -> int:
        """1 for a passage with a colour that is asked for, -1 for one with others alone, else 0."""
        named = colours(passage.text) if self._colours else frozenset[str]()
        return 0 if not named else 1 if named & self._colours else -1

    def lacks_colour(self, quotes: Sequence[Passage]) -> bool:
        """Whether a lamp of a colour is asked for, and nothing that is quoted, in words, has that colour."""
        spoken = [p for p in quotes if p.kind != "figure"]
        return bool(self._colours and spoken) and not any(self._colours & colours(_with_heading(p)) for p in spoken)

    def _labels_noun(self, passage: Passage) -> bool:
        return self.kinds.wants("which") and labels_noun(passage, self._noun)

    def _names_cell(self, passage: Passage) -> bool:
        """Whether a row is named by one of its cells and has much of the question in its words and columns: "the
        90-minute programme" beside "Water (l)"."""
        found = self.found
        if self.kinds.wants("procedure", "cause", "list", "place", "comparison"):
            return False
        return found.around(passage) >= MUCH and names_cell(passage, found.question)

    def _announces(self, passage: Passage) -> bool:
        return self.kinds.wants("list") and announces(passage, asked_noun(self.found.question))

    def _for_steps(self, passage: Passage) -> float:
        worth = STEPS_WANTED * stands_in_list(passage) * self.found.around(passage)
        return worth + ENTITLED * is_entitled(passage, self.found, self.evidence) - TITLE * is_title(passage)

    def lacks_amount(self, quotes: Sequence[Passage]) -> bool:
        """Whether a measured amount is asked for, or a number of things that no table or list shows, and no quotation
        has a number or says how often; a figure may."""
        if self.kinds.wants("procedure", "cause", "meaning", "comparison", "list", "place"):
            return False
        if not (self.kinds.wants("value", "count") and self._measured):
            spoken = all(p.kind == "sentence" and not stands_in_list(p) for p in quotes)
            if not (self.kinds.wants("count") and spoken):
                return False
        return all(p.kind != "figure" and not self._says_amount(p) for p in quotes)

    def lacks_unit(self, quotes: Sequence[Passage]) -> bool:
        """Whether one measured quantity is asked for, and no quotation names a unit of it: numbers of something else.
        A time may also be told as a period, "each year"."""
        if self.kinds.wants("procedure", "cause", "meaning", "comparison", "list", "place", "yes_no", "which"):
            return False
        one = len(self.kinds.quantities - {"amount"}) == 1  # "how much does it weigh"
        if not (self.kinds.wants("value") and one and self._measured):
            return False
        bases = frozenset[str]().union(*(MEASURES[name] for name in self._measured))
        told = quotes[0].kind == "figure" or any(measures(self._measured, p.text) for p in quotes)
        told = told or ("time" in self._measured and any(periods(p.text) or _LASTS.search(p.text) for p in quotes))
        named = {unit.base.split("/")[0] for p in quotes for unit in units_in(p.text)}  # litres a minute are litres
        return not told and named.isdisjoint(bases)

    def only_akin(self, quotes: Sequence[Passage]) -> bool:
        """Whether one word is asked for, and only words akin to it are quoted: "water" where "waterproof" is asked."""
        found = self.found
        (term, *others) = found.weights or ("",)
        if others or not any(found.around(p) for p in quotes):
            return False
        return not any(term in p.own | p.context | p.known_by for p in quotes)

    def lacks_chapter(self, passage: Passage) -> bool:
        """Whether what is in the box is asked for, and a passage is neither of the chapter that says so nor of a list:
        it speaks of another box."""
        asked = chapters_asked(self.found.question, self.kinds.language)
        listed = passage.kind == "row" or stands_in_list(passage)
        return asked == {"contents"} and not listed and not stands_in(passage.evidence, asked)

    def _says_amount(self, passage: Passage) -> bool:
        """Whether a passage has a number; of a sentence that is asked for a price, with a currency: "A blocked filter
        costs a third of the output" says none."""
        if passage.kind == "sentence" and self._measured == {"price"}:
            return measures(self._measured, passage.text)
        return _has_amount(passage)

    def amounts_first(self, quotes: Sequence[Passage]) -> list[Passage]:
        """Quotations with those first that measure what is asked for, where the best has no number at all."""
        if not quotes or not self.kinds.wants("value") or not self._measured or _has_amount(quotes[0]):
            return list(quotes)
        return sorted(quotes, key=lambda p: not measures(self._measured, p.text))

    @property
    def _measured(self) -> frozenset[Quantity]:
        """The quantities that are asked for and have units."""
        return frozenset(name for name in self.kinds.quantities if name in MEASURES)

    def answers(self, passage: Passage) -> bool:
        """Whether a passage clearly is what is asked for, however little the search tells its page from others."""
        found = self.found
        if self._steps and (is_step(passage, found) or is_entitled(passage, found, self.evidence)):
            return True
        said = len(found.weights) > 1 and found.covered(passage) >= 1.0
        counted = self.kinds.wants("count") and counts(passage, found.question)
        named = names_quantity(passage, self.kinds) or is_keyed(passage, found.question) or self._labels_noun(passage)
        if said or counted or named or has_form(found.question, passage.text):
            return True
        return stands_in(passage.evidence, chapters_asked(found.question, self.kinds.language))


def is_step(passage: Passage, found: Sought) -> bool:
    """Whether a step of a list says all that is asked for: "Remove the two screws of the fan (5)"."""
    return found.covered(passage) >= 1.0 and stands_in_list(passage)


def _has_amount(passage: Passage) -> bool:
    """Whether a passage has a number that is no part of a code nor the mark of an item, or says how often."""
    said = without_codes(ITEM_MARK.sub("", passage.text))
    return has_number(said) or bool(periods(said))


def _with_heading(passage: Passage) -> str:
    chunk = passage.evidence.chunk
    return f"{chunk.heading.split(' > ')[-1]} {chunk.caption} {passage.text}"


def _own_and_columns(passage: Passage) -> frozenset[str]:
    """The terms of a passage, of a row with those above it: every row of the column "Code" is of a code."""
    return passage.own | passage.context if passage.kind == "row" else passage.own


def _identifies(passage: Passage, noun: frozenset[str], found: Sought) -> bool:
    """Whether a row or sentence has the noun that is asked for, and a code that the question does not have."""
    if not noun or passage.kind == "figure" or not noun <= passage.own:
        return False
    return bool(frozenset(codes(passage.text)) - frozenset(codes(found.question)))


def _says_how_often(passage: Passage, found: Sought) -> bool:
    return found.covered(passage) > 0 and bool(periods(passage.text))


def _unnamed(passage: Passage) -> bool:
    """Whether a figure's caption is only its label, or there is none."""
    return passage.kind == "figure" and not caption_words(passage.text)


def _measures(passage: Passage, found: Sought, kinds: QuestionKinds) -> bool:
    """Whether a passage that is about the question has a number with a unit of what it asks for."""
    return found.covered(passage) > 0 and measures(kinds.quantities, passage.text)
