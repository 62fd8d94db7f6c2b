"""The checkable facts of a sentence (numbers with units, names, codes), and whether a text contains them.

This is a lexical check: it finds invented or altered numbers, units, part numbers and names. It does not understand the
sentence, so a supported sentence may still misread its source.

    >>> missing("The pump runs at 2.5 bar.", "Pressure: 250 kPa")
    []
    >>> missing("Clean it every 50 hours.", "It is cleaned every 40 hours.")
    ['50 hours']
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from rag.text.analysis import fold, typed
from rag.text.passages import CONTENT_STOP_WORDS, content_terms, wordset

_NUMBER = re.compile(
    r"(?<![^\W\d_])(?<![\d.,])\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*"
    r"(?:\s*(?P<unit>%|percent\b|per cent\b|°\s?[CF]\b|[A-Za-zµμΩ]{1,9}\b))?"
)
_CODE = re.compile(
    r"\b(?=[\w./-]{0,80}\d)(?=[\w./-]{0,80}[A-Za-z])[A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)*\b|\b[A-Z]{2,}[A-Z0-9]*\b"
)
_NAME = re.compile(r"(?<![\w'’-])[A-ZÀ-ÖØ-Þ][\w'’]*[a-zà-öø-ÿ][\w'’]*")
_SENTENCE_OPENING = re.compile(r"(?:^|[.!?:;|>•–—]|[-*]\s|\*\*|__|[\"“‘(\[]|\d[.)])\s*$")
_LIST_MARKER = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_ENGLISH = wordset("the of is and to with for are at by from on that this it was be")
_MULTIPLIER = {"thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "billion": 10**9, "bn": 10**9}
_NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "hundred": 100,
    "once": 1, "twice": 2,
}  # fmt: skip
_GENERIC = wordset(
    "figure figures fig table tables chart page pages section chapter step steps note warning caution yes no answer "
    "source evidence document manual appendix according based however also because therefore i"
)
_MINUS = re.compile(r"(?:^|[\s:;|(])[-–−]$")
_FRACTION = re.compile("(?<![\\d.,])(\\d*)\\s?([¼½¾⅕-⅘⅛-⅞])")
_SIGN = 3  # characters before a number that tell whether it is negative
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$", re.IGNORECASE)

_FACTORS = {
    "Pa": {"pa": "1", "hpa": "100", "kpa": "1e3", "mpa": "1e6", "mbar": "100", "bar": "1e5", "psi": "6894.757"},
    "m": {
        "mm": "1e-3", "cm": "1e-2", "m": "1", "km": "1e3", "µm": "1e-6", "inch": "0.0254", "inches": "0.0254",
        "ft": "0.3048",
    },
    "g": {"mg": "1e-3", "g": "1", "kg": "1e3", "lb": "453.592", "lbs": "453.592"},
    "V": {"mv": "1e-3", "v": "1", "kv": "1e3", "volt": "1", "volts": "1"},
    "A": {"ma": "1e-3", "a": "1", "amp": "1", "amps": "1"},
    "W": {"mw": "1e-3", "w": "1", "kw": "1e3", "watt": "1", "watts": "1", "kilowatt": "1e3", "kilowatts": "1e3"},
    "Hz": {"hz": "1", "khz": "1e3", "mhz": "1e6", "ghz": "1e9"},
    "s": {
        "ms": "1e-3", "s": "1", "sec": "1", "second": "1", "seconds": "1", "min": "60", "minute": "60",
        "minutes": "60", "h": "3600", "hr": "3600", "hour": "3600", "hours": "3600", "day": "86400", "days": "86400",
    },
    "l": {"ml": "1e-3", "l": "1", "litre": "1", "litres": "1", "liter": "1", "liters": "1"},
    "Ω": {"ω": "1", "ohm": "1", "ohms": "1", "kω": "1e3"},
    "°C": {"°c": "1"},
    "°F": {"°f": "1"},
    "%": {"%": "1", "percent": "1", "per cent": "1"},
    "N": {"n": "1", "kn": "1e3"},
    "Nm": {"nm": "1"},
    "dB": {"db": "1"},
    "rpm": {"rpm": "1"},
    "B": {"kb": "1e3", "mb": "1e6", "gb": "1e9", "tb": "1e12"},
    "VA": {"va": "1", "kva": "1e3"},
    "Wh": {"wh": "1", "kwh": "1e3"},
}  # fmt: skip
"""Units that measure the same, with the factor that makes one of them the first name's: 1 kPa is 1e3 Pa."""

_UNITS = {unit: (base, Decimal(factor)) for base, factors in _FACTORS.items() for unit, factor in factors.items()}
_QUANTITIES = {
    "Pa": "pressure", "°C": "temperature", "°F": "temperature", "g": "weight mass", "V": "voltage", "A": "current",
    "W": "power", "Hz": "frequency", "s": "time duration", "l": "volume capacity", "Nm": "torque", "rpm": "speed",
    "dB": "noise", "%": "percentage share", "m": "length width height depth distance", "Wh": "energy consumption",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, every value it can mean (1,200 is 1200 or, in other countries, 1.2), and its known unit.

    ``scaled``: the values times a "million" that follows; tables often leave that word to a heading. ``negative`` is no
    part of the comparison: "5 °C below zero" is −5 °C.
    """

    written: str
    values: frozenset[Decimal]
    unit: str = ""
    scaled: frozenset[Decimal] = frozenset()
    negative: bool = False

    def agrees(self, other: Number) -> bool:
        """Whether both can mean the same: one value and no contradicting unit (1.2 kW agrees with 1200 W)."""
        mine, yours = _UNITS.get(self.unit), _UNITS.get(other.unit)
        if mine and yours:
            return mine[0] == yours[0] and bool(
                {v * mine[1] for v in self.values} & {v * yours[1] for v in other.values}
            )
        if self.scaled and other.scaled:
            return bool(self.scaled & other.scaled)
        return bool((self.values | self.scaled) & (other.values | other.scaled))


def numbers(text: str) -> list[Number]:
    """Every number in digits, with its unit where it has a known one."""
    found = []
    plain = unicodedata.normalize("NFKC", typed(_FRACTION.sub(_decimal, text)))
    for match in _NUMBER.finditer(plain):
        unit = re.sub(r"\s+", " ", match["unit"] or "").casefold().replace("° ", "°").replace("μ", "µ")
        digits = match[0][: match.start("unit") - match.start()] if match["unit"] else match[0]
        values = _readings(digits)
        factor = _MULTIPLIER.get(unit)
        scaled = frozenset(v * factor for v in values) if factor else frozenset()
        if unit in ("%", "percent", "per cent"):
            values |= {v / 100 for v in values}
        unit = unit if unit in _UNITS else ""
        negative = bool(_MINUS.search(plain, max(0, match.start() - _SIGN), match.start()))
        found.append(Number(match[0] if unit or factor else digits.strip(), frozenset(values), unit, scaled, negative))
    return found


def _decimal(match: re.Match[str]) -> str:
    """ "1½" as 1.5."""
    return f"{int(match[1] or 0) + unicodedata.numeric(match[2]):g}"


def quantities(text: str) -> set[str]:
    """What the units in a text measure: "2.5 bar" tells a pressure, though the word is not there."""
    return {word for n in numbers(text) if n.unit for word in _QUANTITIES.get(_UNITS[n.unit][0], "").split()}


def has_number(text: str) -> bool:
    """Whether a text names any amount, in digits or in words."""
    return any(c.isdigit() for c in text) or any(w in _NUMBER_WORDS for w in _plain_words(text))


def missing(sentence: str, source: str) -> list[str]:
    """Numbers, codes and names of ``sentence`` that ``source`` does not contain; empty: the sentence is supported.

    A sentence without any of them must at least share a meaningful word with the source. Words are compared by stem;
    capitalised words are checked in English sentences only, since other languages capitalise or translate differently.
    """
    sentence = _LIST_MARKER.sub("", sentence)
    lost = _missing_numbers(sentence, source)
    known = set(content_terms(source)) | set(_plain_words(source))
    squeezed = _squeeze(source)
    special = codes(sentence)
    lost += [c for c in special if _squeeze(c) not in squeezed]
    if _is_english(sentence):
        named = names(sentence)
        lost += [n for n in named if not _known(n, known)]
        content = content_terms(sentence)
        if not (special or named or numbers(sentence)) and content and not any(t in known for t in content):
            lost.append(content[0])
    return list(dict.fromkeys(lost))


def codes(text: str) -> list[str]:
    """Part numbers, error codes and abbreviations: words that mix letters and digits, or are all capitals."""
    return [c for c in _CODE.findall(text) if not _ORDINAL.match(c) and not _measure(c)]


def names(text: str) -> list[str]:
    """Capitalised words that do not open a sentence, a cell or a quotation."""
    found = []
    for match in _NAME.finditer(text):
        word = match[0].removesuffix("'s").removesuffix("’s")
        before = text[max(0, match.start() - 12) : match.start()]
        opening = _SENTENCE_OPENING.search(before) or (word.casefold() in _UNITS and before.rstrip()[-1:].isdigit())
        if not opening and word.casefold() not in CONTENT_STOP_WORDS | _GENERIC:
            found.append(word)
    return found


def _missing_numbers(sentence: str, source: str) -> list[str]:
    wanted = [n for n in numbers(sentence) if n.values]
    if not wanted:
        return []
    there = numbers(source)
    spelled = {Decimal(_NUMBER_WORDS[w]) for w in _plain_words(source) if w in _NUMBER_WORDS}
    return [n.written for n in wanted if not (n.values & spelled or any(n.agrees(t) for t in there))]


def _readings(digits: str) -> set[Decimal]:
    """Values a run of digits and separators can stand for; signs are not read (a dash may be a hyphen or a range)."""
    plain = re.sub(r"['’\u00a0\u202f ]", "", digits).strip(".,")
    found = set()
    for thousands, point in ((",", "."), (".", ",")):
        candidate = plain.replace(thousands, "").replace(point, ".")
        grouped = all(len(group) == 3 for group in re.split(re.escape(point), plain)[0].split(thousands)[1:])
        if candidate.count(".") <= 1 and grouped:
            found.add(Decimal(candidate).normalize())
    if not found:
        found.update(Decimal(part) for part in re.findall(r"\d+", plain))
    return found


def _measure(code: str) -> bool:
    """ "45mm" and "3kg" are numbers with units, not codes."""
    match = re.match(r"^\d+(?:[.,]\d+)*([A-Za-z]+)$", code)
    return bool(match and (match[1].casefold() in _UNITS or match[1].casefold() in _MULTIPLIER))


def _known(name: str, known: set[str]) -> bool:
    return fold(name) in known or all(term in known for term in content_terms(name))


def _plain_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", fold(text))


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _is_english(sentence: str) -> bool:
    found = _plain_words(sentence)
    return len(found) < 6 or any(w in _ENGLISH for w in found)
