"""Whether a number is a least or a most: "above 5 bar", "no more than two minutes", "30 °C oder mehr".

Data by language, in small letters.
"""

from __future__ import annotations

import re

from rag.answering.facts.amounts import Number, amounts

_BEFORE = 30  # characters before a number that say whether it is a least or a most

_BEHIND = 16  # characters after it

_SMALL = (
    "niedrig|klein|kürz|gering|kält|leicht|dünn|wenig|lager|kort|koud|licht|dunn|bas|petit|court|froid|mince|léger|"
    "pequeñ|cort|frí|delgad|pequen|curt|fri|fin|piccol|fredd|sottil|legger"
)
"""Beginnings of words that compare by what is less: "dünner als", "plus bas que"."""
_ABOVE = re.compile(
    r"(?<!\w)(?:above|over|exceed\w*|more than|at least|minimum|min\.|no earlier than|mindestens|über|oberhalb|"
    r"mehr als|frühestens|plus de|au moins|au-dessus de|au minimum|supérieure?s? à|au plus tôt|más de|al menos|"
    r"como mínimo|por encima de|superior(?:es)? a|almeno|come minimo|più di|oltre|superiore a|"
    r"minstens|ten minste|boven|meer dan|pelo menos|no mínimo|mais de|acima de|co najmniej|powyżej|"
    rf"(?:plus|más|più|mais)\s(?!(?:{_SMALL})\w*\s)[^\W\d_]+\s(?:que|di|do que|de)|"
    rf"(?!(?:{_SMALL}|oder|aber|weder|wieder|immer|ander)\w*\s)\w+er (?:als|dan)|"
    r"(?:higher|hotter|warmer|larger|longer|greater|heavier|louder|faster|stronger|wider|taller|thicker|older|bigger)"
    r" than)(?!\w)",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?<!\w)(?:below|under|less than|fewer than|at most|maximum|max\.|up to|no later than|höchstens|unter|unterhalb|"
    r"weniger als|spätestens|maximal|bis zu|moins de|au plus(?! tôt)|au-dessous de|en dessous de|au maximum|"
    r"inférieure?s? à|jusqu['’]à|menos de|como máximo|por debajo de|inferior(?:es)? a|al massimo|meno di|inferiore a|"
    r"fino a|hoogstens|maximaal|onder|minder dan|no máximo|menos de|abaixo de|até|co najwyżej|poniżej|en fazla|"
    rf"(?:plus|más|più|mais)\s(?:{_SMALL})\w*\s(?:que|di|do que|de)|(?:{_SMALL})\w*r (?:als|dan)|"
    r"(?:lower|colder|cooler|smaller|shorter|lighter|quieter|slower|weaker|narrower|thinner|cheaper|younger)"
    r" than)(?!\w)",
    re.IGNORECASE,
)
_NO_LESS = re.compile(r"(?<!\w)(?:no|not|never|nicht|pas|no)\s+\w*\s*$", re.IGNORECASE)


def limits(text: str) -> bool:
    """Whether a text speaks of a least or a most, as "no more than" does, whose negation negates nothing."""
    return bool(_ABOVE.search(text) or _BELOW.search(text))


_AT_LEAST = re.compile(
    r"\s*(?:or more|at least|minimum|min\.|oder mehr|mindestens|au moins|au minimum|ou plus|o más|como mínimo|al menos|"
    r"o più|come minimo|almeno|of meer|minimaal)(?!\w)",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\s*(?:or less|or fewer|at most|at the most|maximum|max\.|oder weniger|höchstens|maximal|au maximum|au plus|"
    r"ou moins|como máximo|o menos|al massimo|o meno|maximaal|hoogstens|of minder)(?!\w)",
    re.IGNORECASE,
)


def bounds_in(text: str) -> list[tuple[Number, int]]:
    """The numbers of a text that are a least (1) or a most (-1)."""
    told = ((number, bound_of(number, text)) for number in amounts(text) if number.values and not number.period)
    return [(number, way) for number, way in told if way]


def bound_of(number: Number, text: str) -> int:
    """Whether a number is a least (1), a most (-1) or neither (0) in its text."""
    return bound(text[max(0, number.at - _BEFORE) : number.at], text[number.end : number.end + _BEHIND])


def bound(before: str, behind: str = "") -> int:
    """1 where the words before or right behind a number say that it is a least ("above"), -1 for a most ("below"), else
    0."""
    found = _bounds(before)
    if not found:
        return 1 if _AT_LEAST.match(behind) else -1 if _AT_MOST.match(behind) else 0
    at, way = max(found)
    return -way if _NO_LESS.search(before[:at]) else way


def negated_bound(before: str) -> bool:
    """Whether the words before a number negate what they say of a least or a most: "not below"."""
    return any(_NO_LESS.search(before[:at]) for at, _ in _bounds(before))


def _bounds(before: str) -> list[tuple[int, int]]:
    return [(m.start(), way) for pattern, way in ((_ABOVE, 1), (_BELOW, -1)) for m in pattern.finditer(before)]
