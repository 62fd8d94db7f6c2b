"""What an answer without a model puts around its quotations, in the language of the question.

The words are data, one file for each language (:mod:`rag.answering.languages`); the quotations stay in the language of
their document.

    phrases("de").from_table("„Fehlercodes“", 12, "E7: Pumpe blockiert")
    →  Aus „Fehlercodes“ auf Seite 12: E7: Pumpe blockiert
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.answering.languages.data import LANGUAGES, language_data


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of one language (ISO 639-1). ``across``: several documents were searched, so that a page is named
    with its document."""

    language: str
    said: Mapping[str, str]
    across: bool = False
    document: str = ""

    def of(self, document: str) -> Phrases:
        """The same for quotations of a document."""
        return replace(self, document=document) if self.across else self

    def _at(self, key: str, page: int, **words: object) -> str:
        """A phrase with a page, and with the document of the page where that is named."""
        phrase = self.said[key]
        if self.document:
            number = self.said["page"]
            before, _, after = self.said["page_of"].partition(number)
            if "{document}" in after:
                phrase = phrase.replace("{page}", f"{{page}}{after}")
            else:
                phrase = phrase.replace(number, f"{before}{number}")
        return phrase.format(page=page, document=self.document, **words)

    # -- whole sentences -----------------------------------------------------------------------------------------

    @property
    def direct(self) -> str:
        """How sure, the first of three steps: the quotation answers."""
        return self.said["direct"]

    @property
    def likely(self) -> str:
        """The second step: it seems to answer."""
        return self.said["likely"]

    @property
    def closest(self) -> str:
        """The third step: what follows is near, and perhaps no answer. Ends with a colon."""
        return self.said["closest"]

    @property
    def refusal(self) -> str:
        """What an answer says that has no support."""
        return self.said["refusal"]

    @property
    def instead(self) -> str:
        """That quotations stand in for a model which failed. Ends with a colon."""
        return self.said["instead"]

    def refused(self, missing: Sequence[str] = ()) -> str:
        """The refusal with its reason: codes or names, as asked for, that stand nowhere in the documents."""
        if not missing:
            return self.refusal
        named = ", ".join(self.quote(what) for what in missing)
        key = "stands_nowhere" if len(missing) == 1 else "stand_nowhere"
        return f"{self.refusal}{self.gap}{self.said[key].format(what=named)}"

    # -- around quotations ---------------------------------------------------------------------------------------

    @property
    def stop(self) -> str:
        """What ends a sentence."""
        return self.said["stop"]

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return "" if self.stop == "。" else " "

    def quote(self, words: str) -> str:
        """Words between the quotation marks of the language."""
        return f"{self.said['quote_open']}{words}{self.said['quote_close']}"

    def table(self, caption: str = "", heading: str = "") -> str:
        """A table's name as the other phrases take it: its caption in quotation marks, else the heading above it."""
        if caption:
            return self.quote(caption)
        if heading:
            return self.said["table_under"].format(heading=self.quote(heading))
        return self.said["the_table"]

    def from_table(self, table: str, page: int, words: str) -> str:
        """A row of a table, without marker and stop; ``table`` as :meth:`table` gives it."""
        return self._at("from_table", page, table=table, words=words)

    def figure(self, page: int, name: str = "", words: str = "", inside: str = "") -> str:
        """What a figure shows, without marker and stop; ``name`` is its label ("Figure 3"), ``words`` its caption's
        other words, ``inside`` words within a figure that has no caption."""
        figure = name or self.said["the_figure"]
        if words:
            return self._at("figure_shows", page, figure=figure, words=words)
        if inside:
            return self._at("figure_with_words", page, figure=figure, words=self.quote(inside))
        return self._at("figure_shows_it", page, figure=figure)

    def near_figure(self, page: int, name: str = "", inside: str = "") -> str:
        """A figure of which nothing is claimed, by its page; ``inside`` as in :meth:`figure`."""
        place = f"{name or self.said['the_figure']} ({self._at('page', page)})"
        return f"{place}: {self.quote(inside)}" if inside else place

    def your_picture(self, place: str, same: bool) -> str:
        """Where the picture that came with a question stands, or what it looks most like."""
        return self.said["picture_shows" if same else "picture_like"].format(place=place)

    @property
    def unknown_picture(self) -> str:
        """That the picture stands nowhere, and nothing is really like it."""
        return self.said["picture_unknown"]

    def place(self, kind: str, page: int, document: str, name: str = "") -> str:
        """A figure, table or passage (``kind`` as of a chunk) on its page; of the kind "page" the page alone."""
        if kind == "page":
            return self.said["page_of"].format(page=page, document=document)
        what = name or self.said[{"figure": "a_figure", "table": "a_table"}.get(kind, "a_passage")]
        return self.said["place"].format(what=what, page=page, document=document)

    def found_in(self, number: int, table: str, page: int) -> str:
        """How many a table or list has. Ends with a colon."""
        return self._at("found_in", page, n=number, table=table)

    def all_in(self, kind: str, number: int, document: str) -> str:
        """How many ``figures`` or ``tables`` a document has, before a list of them."""
        return self.said[f"{kind}_in"].format(n=number, document=document)

    def more(self, number: int) -> str:
        """That a list goes on."""
        return self.said["and_more"].format(n=number)

    def label(self, name: str) -> str:
        """One word: ``meaning``, ``cause``, ``remedy``, ``steps``, ``step``, ``warning``, ``note``, ``yes``,
        ``no``."""
        return self.said[name]

    # -- of the answer before ------------------------------------------------------------------------------------

    @property
    def only_quotes(self) -> str:
        """That nothing is translated without a model."""
        return self.said["only_quotes"]

    @property
    def said_before(self) -> str:
        """That nothing was found but what the answer before says; what stands around it follows. Ends with a colon."""
        return self.said["said_before"]

    @property
    def rests_on(self) -> str:
        """Before the places that the answer before cites. Ends with a colon."""
        return self.said["rests_on"]

    @property
    def only_near(self) -> str:
        """The same where they were only the closest ones."""
        return self.said["only_near"]

    @property
    def shortest(self) -> str:
        """Before an answer that cannot be shorter. Ends with a colon."""
        return self.said["shortest"]

    @property
    def no_figure(self) -> str:
        """Before the page of what was quoted where no figure goes with it. Ends with a colon."""
        return self.said["no_figure"]

    @property
    def no_more(self) -> str:
        """Before the page of what was quoted where the passage says no more. Ends with a colon."""
        return self.said["no_more"]

    # -- of the library ------------------------------------------------------------------------------------------

    @property
    def hello(self) -> str:
        """A greeting back."""
        return self.said["hello"]

    @property
    def you_are_welcome(self) -> str:
        """What is said to thanks."""
        return self.said["you_are_welcome"]

    @property
    def can_do(self) -> str:
        """What can be asked for."""
        return self.said["can_do"]

    @property
    def empty(self) -> str:
        """That there are no documents."""
        return self.said["empty"]

    @property
    def for_example(self) -> str:
        """Before example questions. Ends with a colon."""
        return self.said["for_example"]

    def example(self, kind: str, name: str) -> str:
        """A question for a ``figure``, ``table`` or ``heading`` of that name."""
        return self.said[f"example_{kind}"].format(what=name)

    def library(self, documents: int, pages: int, chosen: bool) -> str:
        """What the library holds, or the ``chosen`` documents. Ends with a colon."""
        counts = {"documents": self.documents(documents), "pages": self.pages(pages)}
        return self.said["chosen" if chosen else "holds"].format(**counts)

    # -- counts --------------------------------------------------------------------------------------------------

    def page(self, number: int) -> str:
        """The page of a number."""
        return self.said["page"].format(page=number)

    def pages(self, count: int) -> str:
        """So many pages."""
        return self.said["one_page"] if count == 1 else self.said["pages"].format(n=f"{count:,}" if self._en else count)

    def documents(self, count: int) -> str:
        """So many documents."""
        return self.said["one_document"] if count == 1 else self.said["documents"].format(n=count)

    @property
    def _en(self) -> bool:
        return self.language == "en"


@lru_cache(maxsize=64)
def phrases(language: str = "en") -> Phrases:
    """The phrases of a language; English ones of one that has none here."""
    code = language if language in LANGUAGES else LANGUAGES[0]
    return Phrases(code, language_data(code).phrases)


@lru_cache(maxsize=1)
def refusals() -> tuple[str, ...]:
    """How an answer that declines begins, in every language: that nothing was found, or not the picture."""
    return tuple(words for said in map(phrases, LANGUAGES) for words in (said.refusal, said.unknown_picture))
