"""The page's words in the languages it speaks: which one a request wants, its messages, plurals and numbers.

A message is its English text, with names in braces for what is put in; the files ``ui/languages/<code>.json`` hold its
translations, those that count by the plural forms of their language:

>>> with speaking("de"):
...     tr("{count} pages", count=1200)
'1.200 Seiten'

``ui/assets/words.js`` does the same in the browser, from the same files. Sentences of the packages below, which know no
page and speak English, are recognised by their wording (:func:`told`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import NamedTuple

COOKIE = "pagesight-language"
FOLDER = Path(__file__).resolve().parents[1] / "languages"
HIDDEN = "‖"
"""What follows in a message tells it from another of the same words, and is not shown: ``Open‖button``."""

Message = str | Mapping[str, str]


class Language(NamedTuple):
    """``name`` as its speakers call it; ``locale`` for what Gradio and the browser say themselves; ``group`` and
    ``decimal`` in numbers; ``one``: counts that take the form ``one``."""

    name: str
    locale: str
    group: str
    decimal: str
    one: frozenset[int] = frozenset({1})


LANGUAGES: Mapping[str, Language] = {
    "en": Language("English", "en", ",", "."),
    "de": Language("Deutsch", "de", ".", ","),
    "fr": Language("Français", "fr", "\u202f", ",", frozenset({0, 1})),
    "es": Language("Español", "es", ".", ","),
    "zh": Language("中文", "zh-CN", ",", ".", frozenset()),
}

_now: ContextVar[str] = ContextVar("language", default="en")
_BETWEEN = re.compile(r"(?<=[.!?)]) | (?=[A-Z])")  # sentences, some without a stop
_NAME = re.compile(r"\{(\w+)\}")
_TRANSLATED = "de"  # any language that lists what the packages below say
_WANTED = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[a-zA-Z0-9]{1,8})*\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")


class Catalogue(NamedTuple):
    """Of one language: the page's own ``messages``, and ``others``: sentences of the packages below."""

    messages: Mapping[str, Message]
    others: Mapping[str, str]


@cache
def catalogue(code: str) -> Catalogue:
    """The messages of a language."""
    read = json.loads((FOLDER / f"{code}.json").read_text(encoding="utf-8"))
    return Catalogue(read["page"], read["others"])


# Which language --------------------------------------------------------------------------------------------------


def wanted(cookies: Mapping[str, str], accepted: str = "", setting: str = "auto") -> str:
    """The language of who sent a request: chosen on the page, else set for everybody, else the first that the browser
    accepts (``Accept-Language``) and the page speaks, else English."""
    chosen = cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    if setting in LANGUAGES:
        return setting
    return next((code for code in _accepted(accepted) if code in LANGUAGES), "en")


def _accepted(header: str) -> list[str]:
    """The languages of an ``Accept-Language`` header, best first (RFC 9110, 12.5.4); what is none is left out."""
    parts = [match for part in header[:1000].split(",") if (match := _WANTED.fullmatch(part))]
    weighted = [(float(match[2] or 1), match[1].lower()) for match in parts]
    return [code for weight, code in sorted(weighted, key=lambda one: -one[0]) if weight > 0]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Within it, :func:`tr` and its like speak this language."""
    token = _now.set(code)
    try:
        yield
    finally:
        _now.reset(token)


def speak(code: str) -> None:
    """From now on in this request, speak this language."""
    _now.set(code)


def current() -> str:
    """The code of the language that is spoken now."""
    return _now.get()


# Its words ---------------------------------------------------------------------------------------------------------


def tr(message: str, /, **values: object) -> str:
    """A message in the language that is spoken now, with its values put in.

    ``count`` decides on the plural form and is written with the language's separators, other values as they are.
    """
    found = catalogue(current()).messages.get(message)
    if found is None:
        found = catalogue("en").messages.get(message, message.partition(HIDDEN)[0])
    if not isinstance(found, str):
        found = found[form(values.get("count"))] if "count" in values else found["other"]
    shown = {name: number(value) if name == "count" else str(value) for name, value in values.items()}
    return _filled(found, shown)


def form(count: object) -> str:
    """The plural form that a count takes: ``one`` or ``other``."""
    return "one" if count in LANGUAGES[current()].one else "other"


def number(value: object, digits: int = 0) -> str:
    """A number with the language's separators and so many decimals; anything else as it is."""
    if not isinstance(value, int | float):
        return str(value)
    language = LANGUAGES[current()]
    swapped = {",": language.group, ".": language.decimal}
    return "".join(swapped.get(letter, letter) for letter in f"{value:,.{digits}f}")


def listed(words: list[str]) -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return tr("{first} and {last}", first=tr(", ‖in a list").join(words[:-1]), last=words[-1])


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: values.get(match[1], match[0]), text)


def told(text: str) -> str:
    """A sentence of the packages below in the language that is spoken now; as it is where it is not known."""
    if current() == "en" or not text:
        return text
    others = catalogue(current()).others
    if text in others:
        return others[text]
    for pattern, translation in _patterns(current()):
        match = pattern.fullmatch(text)
        if match:
            return _filled(translation, match.groupdict())
    return text


def wording(text: str) -> str:
    """What sentences of the packages below have in common that differ in names alone, whatever language is spoken: a
    pattern, or the sentence itself where its wording is not known."""
    return text if text in catalogue(_TRANSLATED).others else _known(text)


@cache
def _known(text: str) -> str:
    found = (pattern for pattern, _ in _patterns(_TRANSLATED) if pattern.fullmatch(text))
    return next((pattern.pattern for pattern in found), text)


def told_each(text: str) -> str:
    """Several sentences of the packages below, one after the other, each as :func:`told` gives it."""
    parts = _BETWEEN.split(text)
    said, at = list[str](), 0
    while at < len(parts):
        spans = ((end, " ".join(parts[at:end])) for end in range(at + 1, len(parts) + 1))
        end, words = next(((end, told(span)) for end, span in spans if told(span) != span), (at + 1, parts[at]))
        said.append(words)
        at = end
    return " ".join(said)


@cache
def _patterns(code: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What is recognised by its wording, the longest wordings first."""
    with_names = [(text, said) for text, said in catalogue(code).others.items() if _NAME.search(text)]
    with_names.sort(key=lambda pair: -len(_NAME.sub("", pair[0])))
    return tuple((re.compile(_pattern(text), re.DOTALL), said) for text, said in with_names)


def _pattern(text: str) -> str:
    parts, seen, last = [], set(), 0
    for match in _NAME.finditer(text):
        parts.append(re.escape(text[last : match.start()]))
        parts.append(f"(?P={match[1]})" if match[1] in seen else f"(?P<{match[1]}>.+?)")
        seen.add(match[1])
        last = match.end()
    return "".join([*parts, re.escape(text[last:])])


# For the browser ---------------------------------------------------------------------------------------------------


def for_browser(code: str, scripts: str) -> dict[str, object]:
    """What ``ui/assets/words.js`` reads: the language, all languages by name, and the messages that ``scripts`` use."""
    messages = {**catalogue("en").messages, **catalogue(code).messages}
    used = {key: said for key, said in messages.items() if json.dumps(key, ensure_ascii=False)[1:-1] in scripts}
    return {
        "language": code,
        "locale": LANGUAGES[code].locale,
        "languages": {known: one.name for known, one in LANGUAGES.items()},
        "messages": used,
    }
