"""Whether texts hold the right answer: values by value, words in order, lists by item, long answers by their share.

How it is looked for depends on ``answer_format`` (those of MMLongBench-Doc: Ma et al., 2024), or, where a question has
none, on what the answer looks like:

- Int, Float: a number of the same value: ``1,200`` is 1200, ``37%`` is 37 or 0.37, ``1.2 kW`` is 1200 W;
- Str: its words in their order, without case, accents, punctuation and articles; of a long one most neighbouring words;
- List: every item, each as a value or as words, in whichever of the texts;
- a free answer: the ``quote`` of the evidence where the question has one, else the share of its words;
- yes and no are in no evidence; an answer says them with its first word, in whatever language.

A small number stands in many texts by chance, so shares of different systems may be compared, but none is a probability
of being right.

    >>> holds(["Price | 1,200 EUR"], parts_of("1200", "Int"))
    True
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from rag.answering.facts.fact_check import numbers
from rag.text.analysis import fold
from rag.text.passages import content_terms, wordset

LONG = 8
"""Words from which a text may miss some of the right ones: pages break lines and words, and people copy with slips."""

MOST = 0.7
"""Share of the neighbouring words of a quote or a long right answer, or of a free answer's words, from which a text
says it: one slip in eight words takes two of their seven pairs."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_ARTICLES = frozenset({"a", "an", "the"})
_LETTERS = re.compile(r"[^\W\d_]+")
_SQUEEZED = 10  # letters from which words are compared without the gaps between them ("health care", "healthcare")
_WIDE = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")  # scripts without gaps between words
_ITEM_END = re.compile(r"""["']\s*,\s*["']|;""")

_YES = frozenset(map(fold, wordset("yes ja oui sí sim tak evet 是 是的 はい")))
_NO = frozenset(map(fold, wordset("no nein non nee não nie hayır 不 不是 否 いいえ")))

Way = Literal["value", "words", "share", "quote", "opening"]


class Part(NamedTuple):
    """A piece of the right answer, and how it is looked for."""

    text: str
    way: Way


def parts_of(answer: str, answer_format: str = "", quote: str = "") -> tuple[Part, ...]:
    """What texts must hold to hold the right answer; nothing where a question has none to look for in texts."""
    answer = answer.strip()
    if _yes_or_no(answer) and not quote.strip():
        return ()
    if answer_format in ("Int", "Float") and numbers(answer):
        return (Part(answer, "value"),)
    if answer_format in ("Int", "Float", "Str"):
        return (_item(answer),) if answer else ()
    if answer_format == "List":
        return tuple(_item(item) for item in items_of(answer))
    if quote.strip():
        return (Part(quote, "quote"),)
    if not _tokens(answer):
        return ()
    return (_item(answer) if len(_words(answer)) < LONG else Part(answer, "share"),)


def said_parts(answer: str, answer_format: str = "", quote: str = "") -> tuple[tuple[Part, ...], ...]:
    """Ways in which an answer may say it, of which one suffices: a free answer in its own words or in the quote's."""
    if _yes_or_no(answer):
        return ((Part(answer, "opening"),),)
    parts = parts_of(answer, answer_format, quote)
    if parts and parts[0].way == "quote" and _words(answer):
        return parts, parts_of(answer)
    return (parts,) if parts else ()


def holds(texts: Sequence[str], parts: Sequence[Part]) -> bool:
    """Whether every part is in one of the texts; False for no parts."""
    return bool(parts) and all(any(_is_in(part, text) for text in texts) for part in parts)


def items_of(written: str) -> list[str]:
    """The items of a list as data sets write it: ``['a', 'b']``, also with a quotation mark too many."""
    try:
        read = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        read = _ITEM_END.split(written.strip().strip("[]"))
    items = read if isinstance(read, list | tuple) else [read]
    plain = (str(item).strip().strip("'\"").strip() for item in items)
    return [item for item in plain if _tokens(item)]


def share_of_quote(quote: str, passages: Sequence[str]) -> float:
    """The largest share of a quote's neighbouring words that one passage has as neighbours, too (0 to 1).

    A quote of a single word is in a passage or not.
    """
    words = _WORD.findall(fold(quote))
    said = [_WORD.findall(fold(passage)) for passage in passages]
    if len(words) == 1:
        return float(any(words[0] in passage for passage in said))
    wanted = set(pairwise(words))
    return max((len(wanted & set(pairwise(passage))) / len(wanted) for passage in said if wanted), default=0.0)


def share_of_words(answer: str, text: str) -> float:
    """The share of an answer's meaningful words that a text has (0 to 1); 0 where one of its numbers is missing."""
    wanted = set(content_terms(answer)) or set(_words(answer))
    values, there = numbers(answer), numbers(text)
    if not wanted or not all(any(value.agrees(other) for other in there) for value in values):
        return 0.0
    return len(wanted & {*content_terms(text), *_words(text)}) / len(wanted)


def _yes_or_no(answer: str) -> frozenset[str]:
    """The words that say so, where an answer is yes or no and nothing else."""
    words = _tokens(answer)
    return next((said for said in (_YES, _NO) if len(words) == 1 and words[0] in said), frozenset())


def _item(text: str) -> Part:
    """A value where nothing but a number and perhaps its unit is written, else words."""
    letters = _LETTERS.findall(text)
    found = numbers(text)
    alone = len(found) == 1 and (not letters or (len(letters) == 1 and found[0].unit))
    return Part(text, "value" if alone else "words")


def _is_in(part: Part, text: str) -> bool:
    if part.way == "value":
        there = numbers(text)
        return all(any(value.agrees(other) for other in there) for value in numbers(part.text))
    if part.way == "quote":
        return share_of_quote(part.text, [text]) >= MOST
    if part.way == "opening":
        return not _yes_or_no(part.text).isdisjoint(_tokens(text)[:1])
    if part.way == "share":
        return share_of_words(part.text, text) >= MOST
    return _says(part.text, text)


def _says(wanted: str, text: str) -> bool:
    """Whether a text has these words as neighbours, in order."""
    words, said = _words(wanted), _words(text)
    if not words:  # nothing but an article: "A" is the right answer to which panel
        words, said = _tokens(wanted), _tokens(text)
    if not words:
        return False
    squeezed = "".join(words)
    if (len(squeezed) >= _SQUEEZED or _WIDE.search(squeezed)) and squeezed in "".join(said):
        return True
    if f" {' '.join(words)} " in f" {' '.join(said)} ":
        return True
    return len(words) >= LONG and share_of_quote(" ".join(words), [" ".join(said)]) >= MOST


def _words(text: str) -> list[str]:
    return [word for word in _tokens(text) if word not in _ARTICLES]


def _tokens(text: str) -> list[str]:
    return _WORD.findall(_THOUSANDS.sub("", fold(text)))
