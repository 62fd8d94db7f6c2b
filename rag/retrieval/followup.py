"""What a question leans on: "and how often?" asks of what the question before it was about.

:func:`interpret` gives the question as it can be searched alone, ``and how often? (drain the water tank)``: as typed,
with what it takes from the conversation in brackets. Words alone decide, in nine languages, so it costs nothing and is
the same each time: how the question opens, whether a pronoun in it has nothing to stand for, and whether it names a
subject of its own. Where a model answers, it can be asked instead (:mod:`rag.answering.rewrite`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rag.text.analysis import fold
from rag.text.function_words import content_terms_of_language, function_words, language_of

LONGEST_FOLLOW_UP = 24  # words; who writes more has said what it is about
NAMES_ITS_SUBJECT = 3  # different content words of its own from which a question stands alone
LONGEST_FRAGMENT = 4  # words of a question without a verb, like "which bulb?" and "with soap?"
LEANS_FROM = 2  # signs, see :func:`_signs`
MOST_TAKEN = 24  # words taken from the conversation
TURNS_BACK = 4  # questions that a chain of follow-ups may reach back


class _Words(NamedTuple):
    """Of one language, folded: what opens a follow-up, and what turns to something else of the same; pronouns; forms of
    verbs that a whole question has one of."""

    openings: str
    turns: str
    pronouns: str
    verbs: str


_LANGUAGES: dict[str, _Words] = {
    "de": _Words(
        r"und|aber|oder|dann|auch",
        r"was ist mit|wie ist es mit|wie sieht es mit",
        r"er|(?<!gibt )(?<!dauert )(?<!geht )es(?! gibt)|ihn|ihm|ihnen|denen|davon|damit|dafur|dazu|darin|daran|darauf|"
        r"dabei|dagegen|dort|diese[rs]?(?= *(?:[?.!,;]|$))|(?<=ist )das(?= \w+ *(?:[?.!]|$))|"
        r"das(?= *(?:[?.!,;]|$|(?:ist|sind|war|so|auch|nicht|selbst|selber|bedeutet|heisst)\b))|"
        r"(?:eine[nrs]?|welche[nrs]?)(?= *[?.!]*$)",
        "gibt geht ist sind war waren hat haben wird werden kann konnen muss mussen soll sollen darf will ich man",
    ),
    "en": _Words(
        r"and|but|or|so|then|also|plus|what if|ok(?:ay)?",
        r"what about|how about|same for|same with",
        r"its?|they|them|theirs?|which ones?(?! of)|(?:do|does|did|is|are|can|will|should)(?:n't| not)(?= *[?.!]*$)|"
        r"(?:the|this|that|other|new|old|same) ones?(?= *(?:[?.!,;]|$|in|on|of|for|with))|"
        r"(?:this|that|these|those)(?= *(?:[?.!,;]|$|(?:before|after|when|if|again|too|also|for|by|in|on|with)\b))|"
        r"(?:this|these|those|^that|(?<=[,;.?!] )that)(?= (?:is|are|was|were|do|does|means?|works?|happens?|needs?)\b)|"
        r"(?:(?<=is )|(?<=was ))(?:this|that)(?= \w+ *(?:[?.!]|$))|"
        r"(?<=does )(?:this|that)(?= (?:mean|work|happen|cost|matter|help|apply|take|include|say|do)\b)|"
        r"(?:(?<=is )|(?<=are )|(?<=does )|(?<=do ))(?:that|those)(?= \w)|the (?:same|latter|former)|"
        r"there(?= *(?:[?.!,;]|$))",
        "is are was were be do does did can could may might must should shall will would has have had i you we",
    ),
    "es": _Words(
        r"y|e|pero|o|entonces|tambien",
        r"que tal|que pasa con",
        r"eso|esto|ello|ellos|ellas|el(?= *(?:[?.!,;]|$))|\w+(?:ar|er|ir|ando|iendo)(?:lo|la|los|las|le)",
        "es esta son estan era hay ha han puede puedo debe debo tengo tiene hago hace se",
    ),
    "fr": _Words(
        r"et|mais|ou|alors|donc|aussi",
        r"qu'en est-il",
        r"(?<!qu')(?<!s')ils?(?! (?:faut|y a|est possible))|elles?|ca|cela|ceci|ceux|celles?(?:-ci|-la)?|"
        r"celui(?:-ci|-la)?|lui|(?:l[ea]s? |l')\w+(?:(?<!i)er|(?<!o)ir)(?= *(?:[?.!,;]|$| et\b))",
        "est sont etait ont peut peux dois doit faut fait faire fais je on",
    ),
    "it": _Words(
        r"e|ed|ma|o|allora|quindi|anche",
        r"che ne e di|lo stesso per",
        r"cio|esso|essa|essi|esse|lo stesso|quello|quella|\w+(?:ar|er|ir)(?:lo|la|li|le|ne)",
        "e sono era ha hanno ho puo posso deve devo faccio fare si serve",
    ),
    "nl": _Words(
        r"en|maar|of|dan|ook",
        r"hoe zit het met|wat met",
        r"hij|hem|ervan|ermee|erop|erin|daarvan|daarmee|(?:dat|dit|deze|die)(?= *(?:[?.!,;]|$|is|zijn))",
        "is zijn was heeft hebben kan kunnen moet moeten mag wil wordt ik je",
    ),
    "pl": _Words(
        r"a|i|ale|lub|albo|wiec",
        r"(?:a )?co z",
        r"go|jego|nim|nia|nich|to(?= *(?:[?.!,;]|$))|tego(?= *(?:[?.!,;]|$))",
        "jest sa byl byla moge mozna musze trzeba mam ma nalezy",
    ),
    "pt": _Words(
        r"e|mas|ou|entao|tambem",
        r"que tal",
        r"isso|isto|eles?|elas?|\w+-(?:lo|la|los|las)",
        "e esta sao estao era ha pode posso deve devo tenho tem faco faz se",
    ),
    "tr": _Words(
        r"ve|ya|peki|ama|veya|o zaman",
        r"peki ya",
        r"onu|onun|bunu|bunun|sunu|ondan|bundan|bu(?= *(?:[?.!,;]|$))",
        "var yok mi mu olur",
    ),
}  # fmt: skip
_DUMMY = re.compile(  # "it" that stands for nothing before: "how long does it take to …", "is it safe to …"
    r"\b(?:it (?:takes?|costs?|is|was|will be)|(?:does|is|was|will|would|can|could|should) it"
    r"(?: be| take| cost| matter)?)(?: (?:long|possible|safe|ok(?:ay)?|normal|necessary|allowed|dangerous|important|"
    r"best|better|worth|true|easy|hard))?"
    r"(?: for \w+)? (?:to|that|if|when) "
)
_ANTECEDENT = re.compile(r"\b(?:the|a|an|my|our|your|any|some|each|every|which|this|these) +([^\W\d_]{3,})")
_CLAUSE = re.compile(
    r"[,;:.?!–-]|\b(?:if|when|after|before|because|so|while|until|unless|and|or|but|once)\b|(?<=\w )(?:that|which)\b"
)
_HAS_ON_IT = re.compile(r"\b(?:with|without|has|have|having)\b[^,;.?!]* (?:on|in|at|under|over|above|inside|around) $")
_CODE = re.compile(r"(?<![^\W_])(?=[\w./-]*\d)[a-z]{0,4}[ .-]?\d[\w.-]*", re.IGNORECASE)
_WITHOUT_VERB = re.compile(r"(?:any|with|without|for|which|what)\b")
_HOW_MUCH = frozenset(  # after "how": no subject
    {"often", "long", "much", "many", "soon", "big", "large", "high", "far", "heavy", "old", "fast", "hot", "deep"}
    | {"wide", "oft", "lange", "viel", "hoch", "schwer", "souvent", "longtemps"}
)
_EDGES = " \t\r\n.,;:!?¿¡…\"'“”«»()"


def interpret(history: Sequence[str], question: str, with_picture: bool = False) -> str:
    """The question as it can be searched alone; as it is, where it leans on nothing.

    ``history`` are the questions before, oldest first; empty ones (a picture alone) are passed over. ``with_picture``:
    a picture comes with the question, so "what does this mean?" speaks of that.

    >>> interpret(["How do I drain the water tank?"], "and how often?")
    'and how often? (drain the water tank)'
    """
    earlier = [words.strip() for words in history if words.strip()][-TURNS_BACK:]
    if not earlier or not question.strip() or not leans(question, earlier[-1], with_picture):
        return question
    taken = _without_replaced(_topic(earlier), question)
    return f"{question.strip()} ({taken})" if taken else question


def leans(question: str, previous: str = "", with_picture: bool = False) -> bool:
    """Whether a question cannot be understood without the one before it, which tells its language where it is short."""
    if len(question.split()) > LONGEST_FOLLOW_UP:
        return False
    return max(_signs(question, language, with_picture) for language in _spoken(question, previous)) >= LEANS_FROM


def may_lean(question: str, previous: str = "") -> bool:
    """Whether anything in a question could stand for something said before: where not, nobody needs to be asked."""
    said = _said(question)
    return any(
        len(set(content_terms_of_language(question, language))) < NAMES_ITS_SUBJECT
        or _opens(said, _LANGUAGES[language])
        or any(_pronouns(said, _LANGUAGES[language]))
        for language in _spoken(question, previous)
    )


def _spoken(question: str, previous: str) -> list[str]:
    """The languages that a question may be in, of those with words here."""
    own = language_of(question)  # English also where too little is said to tell
    known = [own, language_of(f"{previous} {question}")] if own == "en" else [own]
    return list(dict.fromkeys(language if language in _LANGUAGES else "en" for language in known))


def _said(question: str) -> str:
    return " ".join(fold(question).replace("’", "'").split())


def _signs(question: str, language: str, with_picture: bool) -> int:
    """Two for each: it opens like a continuation; a pronoun stands for nothing in it; it is a fragment, or has no
    content at all. Two less where it names its subject; it turns to that where it opens with "what about"."""
    said, words = _said(question), _LANGUAGES[language]
    content = len(set(content_terms_of_language(question, language)))
    if re.match(rf"[\W_]*(?:{words.turns})\b", said):
        return LEANS_FROM
    signs = 2 if _opens(said, words) else 0
    if not with_picture:
        signs += 2 if _open_pronoun(said, words) else 0
        signs += 2 if not content or _is_fragment(said, content, language) else 0
    return signs - (2 if content >= NAMES_ITS_SUBJECT else 0)


def _opens(said: str, words: _Words) -> bool:
    return re.match(rf"[\W_]*(?:{words.openings}|{words.turns})\b", said) is not None


def _pronouns(said: str, words: _Words) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![\w'-])(?:{words.pronouns})(?![\w-])", said)


def _open_pronoun(said: str, words: _Words) -> bool:
    """Whether a pronoun stands in the question before anything that it could stand for."""
    dummies = [match.span() for match in _DUMMY.finditer(said)] if words is _LANGUAGES["en"] else []
    for match in _pronouns(said, words):
        if any(start <= match.start() < end for start, end in dummies):
            continue
        return not _resolved(said[: match.start()])
    return False


def _resolved(before: str) -> bool:
    """Whether words before a pronoun name something, in another part of the sentence than the pronoun's own."""
    clauses = _CLAUSE.split(before)
    if len(clauses) > 1 and len(content_terms_of_language(" ".join(clauses[:-1]))) > 1:
        return True
    named = [match for match in _ANTECEDENT.finditer(before) if match[1] not in function_words("en")]
    return bool(named) and (bool(_CLAUSE.search(before)) or bool(_HAS_ON_IT.search(before)))


def _is_fragment(said: str, content: int, language: str) -> bool:
    """ "Which bulb?" and "any special tools?", but not "E07" nor "battery": those are words to look for."""
    spoken, known = re.findall(r"[^\W_]+", said), function_words(language)
    most = 2 if _WITHOUT_VERB.match(said) else 1
    if len(spoken) > LONGEST_FRAGMENT or content > most or _CODE.search(said):
        return False
    small = [word for word in spoken if word in known]
    return bool(small) and not any(word in _LANGUAGES[language].verbs.split() for word in small)


def _topic(history: Sequence[str]) -> str:
    """What the last question was about, with what that one leaned on itself."""
    last, earlier = history[-1], history[:-1]
    own = _named(last)
    if not earlier or not leans(last, earlier[-1]):
        return own
    taken = _without_replaced(_topic(earlier), last)
    return "; ".join(part for part in (own if content_terms_of_language(own) else "", taken) if part)


@lru_cache(maxsize=256)
def _named(question: str) -> str:
    """A question without the words of asking at its beginning and end: "drain the water tank"."""
    words, left_out = question.split(), function_words(language_of(question)) | function_words("en") | _HOW_MUCH
    spoken = _LANGUAGES.get(language_of(question), _LANGUAGES["en"])
    openings = f"{spoken.openings}|{spoken.turns}"

    def says_nothing(word: str) -> bool:
        plain = fold(word).strip(_EDGES)
        return not plain or plain in left_out or re.fullmatch(openings, plain) is not None

    while words and says_nothing(words[0]):
        del words[0]
    while words and says_nothing(words[-1]):
        del words[-1]
    return " ".join(words[:MOST_TAKEN]).strip(_EDGES)


def _without_replaced(topic: str, question: str) -> str:
    """The topic without codes where the question names another: "and E07?" asks no more of E04."""
    if not _CODE.search(question):
        return topic
    kept = _named(_CODE.sub(" ", topic))
    return kept if content_terms_of_language(kept) else ""
