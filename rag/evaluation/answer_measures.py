"""How right an answer is, against the one that people gave: pure functions, without a model that judges.

Exact match and token F1 are those of SQuAD (Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of
Text, 2016): words without case, punctuation and articles. An answer in whole sentences, or one that quotes its
evidence, says more than a short right answer, so two measures ask only whether that is in it: the share of its words,
and of its numbers, values with their unit however it is written.

:func:`judged` asks of the same answer what a reader does: was it right to answer, does the text say the right answer,
does the piece that it cites, and do its citations point to the evidence? A right answer is looked for where it can be
found: in questions whose evidence pages hold it in a text (:mod:`rag.evaluation.gold`), not those that want counting,
arithmetic or looking at a picture.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from rag.answering.citing.markers import CLEAN
from rag.answering.facts.fact_check import numbers
from rag.evaluation.gold import holds, said_parts
from rag.evaluation.metrics import HitLocation, shows
from rag.evaluation.questionset import Question
from rag.evaluation.runs import CitedPlace, GivenAnswer
from rag.text.analysis import fold

_PLACES = (
    "pages?|pp?\\.|figures?|fig\\.|tables?|tab\\.|plates?|charts?|chapters?|sections?|slides?|seiten?|s\\.|abbildung(?:en)?|abb\\.|"
    "tabellen?|kapitel|abschnitt|página|pág\\.|pagina|figura|figuur|tableau|tabla|tabela|tabella|tabel|strona|str\\.|"
    "rysunek|rys\\.|sayfa|şekil|tablo"
)
_PLACE = re.compile(rf"\b(?:{_PLACES})\s*\d+(?:[-–.]\d+)*", re.IGNORECASE)  # "Figure 2-2", "on page 13"
_ASKS_FOR_PLACE = re.compile(
    rf"\b(?:which|what|all|list|number of the|welche[rnms]?|alle|quel(?:le)?s?|qué|quale|welke|który|hangi)\s+"
    rf"(?:\w+\s+){{0,2}}(?:{_PLACES})(?!\w)",
    re.IGNORECASE,
)
_ARTICLES = frozenset({"a", "an", "the"})
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")


def answer_measures(question: Question, given: GivenAnswer) -> dict[str, float]:
    """The measures of one answer, each from 0 to 1.

    ``answered``: it is no refusal; ``cites page``: an evidence page is cited; ``cites quote``: the share of the
    evidence's quote in what is cited. With an ``answer`` to compare with: ``exact``,
    ``F1``, ``words`` and ``numbers``, the shares of its words and numbers that the given answer says.
    """
    measures = {"answered": float(not given.refused)}
    cited = [page in question.pages and doc == question.doc for doc, page in given.cited]
    measures["cites page"] = float(any(cited))
    if given.quoted is not None:
        measures["cites quote"] = given.quoted
    if question.answer.strip():
        measures |= against(question.answer, given.text)
    return measures


def against(right: str, given: str) -> dict[str, float]:
    """``exact``, ``F1``, ``words`` and, where the right answer has any, ``numbers`` of a given answer."""
    given = CLEAN.sub(" ", given)
    wanted, said = _tokens(right), _tokens(given)
    common = sum((Counter(wanted) & Counter(said)).values())
    recall, precision = (common / len(tokens) if tokens else 0.0 for tokens in (wanted, said))
    measures = {
        "exact": float(wanted == said),
        "F1": 2 * recall * precision / (recall + precision) if common else 0.0,
        "words": recall,
    }
    values, told = numbers(right), numbers(given)
    if values:
        measures["numbers"] = sum(any(value.agrees(other) for other in told) for value in values) / len(values)
    return measures


Verdict = Literal[
    "said", "cited, not said", "page cited", "other piece cited", "page shown", "not shown", "refused, though shown",
    "refused", "answered", "declined", "answered none", "failed", "unknown",
]  # fmt: skip
VERDICTS: dict[Verdict, str] = {
    "said": "the answer's text says the right answer",
    "cited, not said": "a cited piece of an evidence page says it, the text does not",
    "other piece cited": "an evidence page is cited, but not the piece that says it",
    "page cited": "an evidence page is cited; no text of it says the right answer",
    "page shown": "an evidence page was shown, but is not cited",
    "not shown": "no evidence page was shown",
    "refused, though shown": "refused, although a piece of evidence said it",
    "refused": "refused otherwise",
    "answered": "answered; the evidence pages are not known",
    "declined": "rightly refused: there is no answer",
    "answered none": "answered, although there is no answer",
    "failed": "the model gave no answer",
    "unknown": "nothing to judge it by",
}
"""What became of a question, each with its meaning; they exclude each other."""


def judged(question: Question, given: GivenAnswer) -> dict[str, float]:
    """The measures of one answer that apply to it.

    Of a question that has an answer: ``refused``; where a text of its evidence pages holds the right answer ``gold
    said`` (in the answer's text), ``gold cited`` (in a cited piece), ``gold cited there`` (in a cited piece that is on
    an evidence page) and ``gold shown`` (in any piece of evidence); ``gold said, all`` wherever there is a right
    answer; ``page shown``. Of one that was answered: ``first cited``, ``any cited``, ``stray cited`` (the first
    citation is on an evidence page; some one is; some one is not), ``box cited`` (IoU of at least .5 with an
    evidence box). Of one without an answer ``declined``; of one that was refused ``refusal right``. Of all that were
    answered ``supported`` and ``weak`` (shares of its citations, by the claim check), ``citations``, ``characters`` and
    ``doubts`` (counts; sentences that state facts and cite nothing).
    """
    measures = {"refusal right": float(not question.answerable)} if given.refused else _form(given)
    if not question.answerable:
        return measures | {"declined": float(given.refused)}
    measures |= {"refused": float(given.refused)} | _gold(question, given)
    return measures | (_places(question, given) if question.pages else {})


def verdict(question: Question, given: GivenAnswer) -> Verdict:
    """What became of a question, in one of :data:`VERDICTS`."""
    if given.failed:
        return "failed"
    if not question.answerable:
        return "declined" if given.refused else "answered none"
    if given.refused:
        return "refused, though shown" if given.gold and given.gold.shown else "refused"
    if says_gold(question, given):
        return "said"
    if not question.pages:
        return "answered"
    if given.gold and given.gold.there:
        return "cited, not said"
    if any(page in evidence_pages(question) for page in given.cited):
        return "other piece cited" if given.gold and given.gold.pages else "page cited"
    if given.shown is None:
        return "unknown"
    return "page shown" if any(page in evidence_pages(question) for page in given.shown) else "not shown"


def says_gold(question: Question, given: GivenAnswer) -> bool:
    """Whether the answer's own text says the right answer.

    Its markers, and the numbers of the pages and figures that it names, are left aside unless they are asked for.
    """
    text = CLEAN.sub(" ", given.text)
    text = text if _ASKS_FOR_PLACE.search(question.text) else _PLACE.sub(" ", text)
    ways = said_parts(question.answer, question.answer_format, question.quote)
    return not given.refused and any(holds([text], parts) for parts in ways)


def evidence_pages(question: Question) -> set[tuple[str, int]]:
    """Its evidence pages, each with its document's name."""
    return {(question.doc, page) for page in question.pages}


def on_evidence_page(question: Question, place: CitedPlace) -> bool:
    """Whether a citation points to an evidence page."""
    return place.doc == question.doc and place.page in question.pages


def _form(given: GivenAnswer) -> dict[str, float]:
    measures = {"characters": float(len(given.text))}
    if given.places is None:
        return measures
    measures["citations"] = float(len(given.places))
    if given.places:
        measures["supported"] = sum(place.supported for place in given.places) / len(given.places)
    if given.places and all(place.support for place in given.places):
        measures["weak"] = sum(place.support == "weak" for place in given.places) / len(given.places)
    if given.doubts is not None:
        measures["doubts"] = float(given.doubts)
    return measures


def _gold(question: Question, given: GivenAnswer) -> dict[str, float]:
    if given.gold is None:
        return {}
    said = float(says_gold(question, given))
    measures = {"gold said, all": said}
    if given.gold.pages:
        measures |= {"gold said": said, "gold cited": float(given.gold.cited)}
        measures |= {"gold cited there": float(given.gold.there), "gold shown": float(given.gold.shown)}
    return measures


def _places(question: Question, given: GivenAnswer) -> dict[str, float]:
    pages = evidence_pages(question)
    measures = {} if given.shown is None else {"page shown": float(any(page in pages for page in given.shown))}
    if given.refused:
        return measures
    right = [page in pages for page in given.cited]
    measures |= {"first cited": float(right[:1] == [True]), "any cited": float(any(right))}
    measures |= {"stray cited": float(not all(right))}
    if question.boxes and given.places is not None:
        places = (HitLocation(place.doc, place.page, place.bbox) for place in given.places)
        measures["box cited"] = float(any(shows(question, place) for place in places))
    return measures


def _tokens(text: str) -> list[str]:
    return [word for word in _WORD.findall(fold(text)) if word not in _ARTICLES]
