"""Amounts in a text: numbers in digits or words with sign and unit, how often something happens, and what agrees.

"3.1 billion" agrees with "3,114 million" (rounded), "80 kPa" with "0.8 bar", "twice a year" with "every 6 months";
"-5 °C" agrees neither with "5 °C" nor with "-5 °F".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from rag.answering.facts.units import ARTICLES, NUMBER_WORDS, SCALES, SYMBOLS, Unit, periods, unit_of
from rag.text.analysis import fold, typed
from rag.text.function_words import language_of
from rag.text.passages import wordset

_UNIT = (
    r"min\^?[-–−]1(?!\d|[.,]\d|\s?(?:h|hrs?|hours?|std|min|s|sek|sec)\b)|1/min(?!\w)|"
    r"%|per cent\b|(?:degrees?|grad|degrés?|grados|gradi|graden)\s(?:celsius|fahrenheit)\b|°\s?[CF]\b|[℃℉°]|[€$£¥₹]|"
    r"[^\W\d_]{1,14}[23]?(?:(?:\s?/\s?|\s(?:per|pro|par|por)\s)[^\W\d_]{1,12}[23]?)?(?![^\W\d_])"
)
_NUMBER = re.compile(
    r"(?<![^\W\d_])(?<![\d.,])\d+(?:[.,'’]\d+|[ \u00a0\u202f]\d{3}(?!\d))*"
    rf"(?:\s?(?P<scale>(?:{'|'.join(sorted(SCALES, key=len, reverse=True))})\b)\.?(?:\s(?:d['’]|d[ei]\s))?)?"
    rf"(?:(?:\s*|-(?=[^\W\d_]{{3}}|(?:[mck]m|kg|ml|[kM]?Hz|k?W|m?V|mA|dB)(?!\w)))(?P<unit>{_UNIT}))?",  # "30-minute"
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:^|[\s:;|(=])[-–−]$")
_PLUS = re.compile(r"(?:^|[\s:;|(=])\+$")
_BOTH = re.compile(r"±\s?$")
_MINUS_WORD = re.compile(  # but "au moins", "al menos", "pelo menos": at least
    r"(?<!\w)(?<!\bau )(?<!\b[ad][lou] )(?<!\blo )(?<!\bpelo )(?:minus|negative|moins|menos|meno|min)\s+$",
    re.IGNORECASE,
)
_BELOW_ZERO = re.compile(
    r"\s*(?:below\s+(?:zero|freezing)|unter\s+(?:null|dem\s+gefrierpunkt)|(?:au-dessous|en\s+dessous)\s+de\s+z[ée]ro|"
    r"bajo\s+cero|sotto\s+(?:lo\s+)?zero|onder\s+nul)(?!\w)",
    re.IGNORECASE,
)
_FRACTION = re.compile("(?<![\\d.,])(?:(\\d+)\\s?)?([¼½¾⅕-⅘⅛-⅞])")
_SYMBOL = re.compile(rf"([{SYMBOLS}]|(?:USD|EUR|GBP|CHF|US\$))\s?$")
_HAS = ("it", "es")  # languages in which "ha" is also "has"
_NAMED = re.compile(r"(?<!\w)[^\W\d_a-z]\w+\s$")
_MONEY_SCALES = {"k": 10**3, "m": 10**6, "md": 10**9, "b": 10**9}
"""Letters that multiply an amount of money: "$412.6M", "91,7 M€"."""
_SHORT_SCALES = wordset("mn bn mio mrd tsd mln mld")  # of those that are often something else
_SYMBOL_BEHIND = re.compile(rf"\s?([{SYMBOLS}]|(?:EUR|USD|GBP|CHF)(?!\w))")
_RANGE = re.compile(
    r"\s*(?:to|bis|à|a|al|tot|until|and|und|et|y|e|en|or|oder|ou|[-–−—…/x×,&]|\.{2,3})\s*[-–−+±]?\s*", re.I
)
_ABOUT = re.compile(
    r"(?:(?<!\w)(?:about|approx(?:imately)?\.?|roughly|nearly|almost|around|some|circa|ca\.?|ungefähr|etwa|rund|knapp|"
    r"fast|environ|près\s+de|presque|aproximadamente|unos|unas|casi|quasi|ongeveer|bijna|over|more\s+than|over)|(?<!~)~|≈)\s*$",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*(?![\w-])")
_COUNTED = re.compile(r"\s?/\s?.*|\s(?:per|pro|par|por)\s.*", re.IGNORECASE)
_ELSEWHERE = {"once": "es", "sei": "it", "seize": "fr", "cent": "fr", "elf": "de nl", "due": "it"}
"""Number words of some languages that are other words in others."""
_FIRST = frozenset(phrase.split(" ")[0] for phrase in NUMBER_WORDS)
_LONGEST = max(phrase.count(" ") for phrase in NUMBER_WORDS) + 1
_BEHIND = re.compile(
    rf"(?:\s(?P<scale>(?:{'|'.join(sorted((w for w in SCALES if len(w) > 2), key=len, reverse=True))}))(?!\w))?"
    rf"(?:\s+(?P<unit>{_UNIT}))?",
    re.IGNORECASE,
)
_ONE_AND_A_HALF = re.compile(
    r"(?<!\w)(?:an?|one|une?|una|un['’])\s*(?P<unit>[^\W\d_]{2,12})\s(?:and\sa\shalf|et\sdemie?|y\smedi[ao]|e\smezz[ao])(?!\w)|"
    r"(?<!\w)(?:anderthalb|eineinhalb|anderhalve?)\s",
    re.IGNORECASE,
)
_SOME_AND_A_HALF = re.compile(
    r"(?<![\w.,])(?P<count>\d{1,3}|[^\W\d_]{2,12}?)(?:\s(?P<unit>[^\W\d_]{2,12})\s(?:and\sa\shalf|et\sdemie?|y\smedi[ao]|"
    r"e\smezz[ao]|e\smei[ao])|(?:und)?einhalb|[eë]nhal(?:f|ve)|\sand\sa\shalf(?=\s))(?!\w)",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?<!\w)(?:half\s+an?|(?:einer?\s+)?halbe[nr]?|une\s+demi|media|mezz['’]?|een\s+half)[\s-](?P<unit>[^\W\d_]{2,12})",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"[\s-]+(?:(?:such|other|further|more|weitere|andere|autres|otros|otras|altri|altre)\s)?([^\W\d_]{3,})"
)
_ADDED = re.compile(r"\s+(?:(?:and|und|et|y|e|en)\s+)?", re.IGNORECASE)
_LOOK = 24  # characters before or after a number that may say its sign or that it is rounded
_NO_WORD = wordset(
    "the and for with from per are was were that which this than when each und der die das den dem pro mit von bei les "
    "des par pour avec sur una los las del con por para that into only more less most least until"
)

_QUANTITIES = {
    "Pa": "pressure", "°C": "temperature", "°F": "temperature", "g": "weight mass", "V": "voltage", "A": "current",
    "W": "power", "Hz": "frequency", "s": "time duration", "m3": "volume capacity", "Nm": "torque", "1/s": "speed",
    "dB": "noise", "%": "percentage share", "m": "length width height depth distance", "Wh": "energy consumption",
}  # fmt: skip
PERIOD = "period"
"""Base of "every six months"; its value is in seconds."""

_FREE = 2  # significant digits of a number that may be a rounded one without a word that says so
_PERIOD_SLACK = Decimal("0.02")  # of months, which differ in length


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, every value it can mean (1,200 is 1200 or, in other countries, 1.2), and its known unit.

    ``scaled``: the values times a "million" that follows; tables often leave that word to a heading. ``negative`` is no
    part of :meth:`agrees`: "5 °C below zero" is −5 °C. ``sign`` is -1 or 1 where one is written, else 0. ``at`` and
    ``end`` say where it stands in the text as :func:`plain` has it, ``noun`` is the word that follows it.
    """

    written: str
    values: frozenset[Decimal]
    unit: str = ""
    scaled: frozenset[Decimal] = frozenset()
    negative: bool = False
    sign: int = 0
    at: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    about: bool = False
    noun: str = ""
    spelled: bool = False
    period: bool = False

    @property
    def known(self) -> Unit | None:
        """Its unit, None without or of an unknown one."""
        return Unit(PERIOD, Decimal(1)) if self.period else unit_of(self.unit) if self.unit else None

    @property
    def said(self) -> frozenset[Decimal]:
        """What it can mean, with its "million" where there is one."""
        return self.scaled or self.values

    def agrees(self, other: Number) -> bool:
        """Whether both can mean the same: one value and no contradicting unit (1.2 kW agrees with 1200 W)."""
        mine, yours = self.known, other.known
        if mine and yours:
            return mine.base == yours.base and bool(
                {v * mine.factor for v in self.said} & {v * yours.factor for v in other.said}
            )
        if self.scaled and other.scaled:
            return bool(self.scaled & other.scaled)
        return bool((self.values | self.scaled) & (other.values | other.scaled))

    def says(self, other: Number, units: Sequence[Unit] = ()) -> bool:
        """Whether this number can be said where ``other`` is written: rounded, converted, its sign left aside.

        ``units`` are those that stand around the other number (a column's name, a caption), which may be without one.
        """
        if self.period or other.period:
            return self.period and other.period and _near(self.said, other.said)
        mine = self.known
        theirs = [other.known] if other.known else [unit for unit in units if mine and unit.base == mine.base]
        if mine and other.known and mine.base != other.known.base and not _degrees(mine, other.known):
            return _temperatures(self, other)
        if mine and not theirs and units:
            return False
        if mine and other.known and mine.factor != other.known.factor and _same_digits(self, other):
            return False  # "3,000 m" is no "3,000 mm", whichever its comma is
        targets = self._of(other)
        if mine and theirs:
            targets = {value * unit.factor / mine.factor for value in targets for unit in theirs if unit}
        values = self.values | (
            {v * 100 for v in self.values} if mine and mine.base == "%" and not other.known else set()
        )
        values |= (
            {v / 100 for v in self.values} if (mine is not None and mine.base == "%" and not other.known) else set()
        )
        if other.known and other.known.base == "%" and not mine:
            targets |= {value / 100 for value in targets}
        if self.scaled and other.scaled and not _may_agree(self, other):
            return False
        if self.scaled and other.scaled:
            return any(self._rounds(v, t) for v in self.scaled for t in targets)
        return any(self._rounds(v, t) for v in values | self.scaled for t in targets)

    def _of(self, other: Number) -> set[Decimal]:
        return set(other.scaled) if other.scaled and (self.scaled or self.known) else set(other.values | other.scaled)

    def _rounds(self, value: Decimal, other: Decimal) -> bool:
        """Whether ``other`` is ``value``, or becomes it where it is rounded to as many digits."""
        if value == other:
            return True
        factor = max(self.scaled) / max(self.values) if value in self.scaled and any(self.values) else Decimal(1)
        written = _significant(value / factor, self.about)
        rounded = self.about or (written >= _FREE and _digits(other) > written)
        return rounded and abs(value - other) * 2 <= _step(value / factor, self.about) * factor


def _may_agree(one: Number, other: Number) -> bool:
    """Whether two numbers have other digits or the same "million": 3,114 billion is not 3,114 million."""
    return not _same_digits(one, other) or bool(one.scaled & other.scaled and max(one.scaled) == max(other.scaled))


def _same_digits(one: Number, other: Number) -> bool:
    digits = [re.match(r"[\d.,]*", n.written) for n in (one, other)]
    return bool(digits[0] and digits[1] and digits[0][0] and digits[0][0] == digits[1][0] and any(one.values))


def _step(value: Decimal, about: bool) -> Decimal:
    """What one more in the last written digit is worth; with "about" the zeros at a number's end are no digits."""
    exponent = value.normalize().as_tuple().exponent
    if not isinstance(exponent, int):  # of what is no number
        return Decimal(0)
    return Decimal(1).scaleb(exponent if about else min(exponent, 0))


def _significant(value: Decimal, about: bool) -> int:
    digits = value.normalize().as_tuple()
    zeros = digits.exponent if isinstance(digits.exponent, int) and digits.exponent > 0 and not about else 0
    return len(digits.digits) + zeros


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _near(values: frozenset[Decimal], others: frozenset[Decimal]) -> bool:
    return any(abs(v - o) <= _PERIOD_SLACK * max(v, o) for v in values for o in others)


def _degrees(one: Unit, other: Unit) -> bool:
    """Whether one is a degree of a scale, and the other one of a scale that is not named: "six degrees below zero"."""
    return "°" in (one.base, other.base) and {one.base, other.base} <= {"°", "°C", "°F"}


def _temperatures(one: Number, other: Number) -> bool:
    """Whether one is the other in Fahrenheit or in Celsius, to a degree."""
    bases = one.known.base if one.known else "", other.known.base if other.known else ""
    if bases == ("°F", "°C"):
        return any(abs(f - (c * 9 / 5 + 32)) <= 1 for f in one.values for c in other.values)
    return bases == ("°C", "°F") and any(abs(c - (f - 32) * 5 / 9) <= 1 for c in one.values for f in other.values)


def plain(text: str) -> str:
    """A text as numbers are read in it: compatibility forms resolved, "1½" and "an hour and a half" as 1.5."""
    text = _ONE_AND_A_HALF.sub(lambda m: f"1.5 {m['unit'] or ''}", _FRACTION.sub(_decimal, text))
    text = _SOME_AND_A_HALF.sub(_and_a_half, text)
    return unicodedata.normalize("NFKC", typed(text))


def numbers(text: str) -> list[Number]:
    """Every number in digits, with its unit where it has a known one."""
    return list(_numbers(text))


@lru_cache(maxsize=2048)
def _numbers(text: str) -> tuple[Number, ...]:
    text = plain(text)
    return tuple(_number(text, match) for match in _NUMBER.finditer(text))


def amounts(text: str) -> list[Number]:
    """Every number in digits or words with sign and unit, also what ranges leave to their end, and every period.

    The words for 1 count only where a unit follows them; numbers within a period do not stand beside it.
    """
    text = plain(text)
    found = _spanning([_number(text, match) for match in _NUMBER.finditer(text)], text)
    found += _spelled(text) + [half for match in _HALF.finditer(text) if (half := _half(text, match))]
    found = _added(sorted(found, key=lambda n: n.at), text)
    often = [Number(p.written, frozenset([p.seconds]), at=p.at, end=p.end, period=True) for p in periods(text)]
    return sorted([*found, *often], key=lambda n: (n.at, -n.end))


def _number(text: str, match: re.Match[str]) -> Number:
    start = match.start()
    scale, unit = match["scale"], match["unit"] or ""
    stop = match.start("scale") if scale else match.start("unit") if unit else match.end()
    digits = text[start:stop].rstrip(" -")
    values = _readings(digits)
    factor = SCALES.get(scale.casefold().rstrip(".")) if scale else None
    before = text[max(0, start - _LOOK) : start]
    symbol = _SYMBOL.search(before)
    money = None if scale or unit.casefold() not in _MONEY_SCALES else symbol or _SYMBOL_BEHIND.match(text, match.end())
    if money:
        factor, unit = _MONEY_SCALES[unit.casefold()], money[1]
    if unit == "ha" and _NAMED.search(text, 0, start) and language_of(text) in _HAS:
        unit = ""  # "la Brezza 20 ha …"
    known = unit_of(unit)
    if known is None and unit_of(counted := _COUNTED.sub("", unit)):  # "0.45 euros per share"
        unit, known = counted, unit_of(counted)
    if known is None and symbol:
        unit, known = symbol[1], unit_of(symbol[1])
    scaled = frozenset(v * factor for v in values) if factor else frozenset()
    if known and known.base == "%":
        values |= {v / 100 for v in values}
    end = (
        max(match.end("unit"), match.end() if money is symbol else money.end())
        if money
        else match.start("unit") + len(unit)
        if match["unit"] and known and not symbol
        else match.end("scale")
        if scale
        else start + len(digits.rstrip())
    )
    sign = _sign(before[: -len(symbol[0])] if symbol else before, text[end : end + _LOOK])
    noun = "" if known else _noun(text, end)
    return Number(
        text[start:end].strip(), frozenset(values), unit if known else "", scaled, sign < 0, sign, start, end,
        bool(_ABOUT.search(before)), noun,
    )  # fmt: skip


def _sign(before: str, after: str) -> int:
    if _BOTH.search(before):
        return 0
    if _MINUS.search(before) or _MINUS_WORD.search(before) or _BELOW_ZERO.match(after):
        return -1
    return 1 if _PLUS.search(before) else 0


def _noun(text: str, end: int) -> str:
    match = _NOUN.match(text, end)
    word = fold(match[1]) if match else ""
    return "" if word in _NO_WORD else word


def _spelled(text: str) -> list[Number]:
    """Numbers in words, the longest phrase of each; none for a word for 1 that no unit follows."""
    words = list(_WORD.finditer(text))
    found, skip = [], 0
    for index, first in enumerate(words):
        word = first[0].casefold()
        if index < skip or word not in _FIRST:
            continue
        if word in _ELSEWHERE and language_of(text) not in _ELSEWHERE[word].split():
            continue
        for count in range(min(_LONGEST, len(words) - index), 0, -1):
            last = words[index + count - 1]
            value = NUMBER_WORDS.get(" ".join(text[first.start() : last.end()].casefold().split()))
            if value is not None:
                skip = index + count
                found += [n for n in (_in_words(text, first.start(), last.end(), value),) if n]
                break
    return found


def _in_words(text: str, start: int, end: int, value: int) -> Number | None:
    behind = _BEHIND.match(text, end)
    unit = behind["unit"] if behind and behind["unit"] else ""
    known = unit_of(unit)
    if not value or (text[start:end].casefold() in ARTICLES and known is None):
        return None
    factor = SCALES[behind["scale"].casefold()] if behind and behind["scale"] else None
    scaled = frozenset([Decimal(value * factor)]) if factor else frozenset[Decimal]()
    stop = behind.end() if behind and known else behind.end("scale") if behind and factor else end
    about = bool(_ABOUT.search(text, max(0, start - _LOOK), start))
    sign = _sign(text[max(0, start - _LOOK) : start], text[stop : stop + _LOOK])
    return Number(
        text[start:stop], frozenset([Decimal(value)]), unit if known else "", scaled, sign < 0, sign, start, stop,
        about, "" if known else _noun(text, stop), spelled=True,
    )  # fmt: skip


def _half(text: str, match: re.Match[str]) -> Number | None:
    if unit_of(match["unit"]) is None:
        return None
    values = frozenset([Decimal("0.5")])
    return Number(match[0], values, match["unit"], at=match.start(), end=match.end(), spelled=True)


def _added(found: Sequence[Number], text: str) -> list[Number]:
    """Hundreds with what is added to them in words: "two hundred and fifty" is one number."""
    out: list[Number] = []
    for number in found:
        last = out[-1] if out else None
        if last and last.spelled and number.spelled and _ADDED.fullmatch(text, last.end, number.at):
            hundreds, rest = max(last.values), max(number.values)
            if hundreds % 100 == 0 and rest < 100:
                written = text[last.at : number.end]
                out[-1] = replace(number, written=written, values=frozenset([hundreds + rest]), at=last.at)
                continue
        out.append(number)
    return out


def _spanning(found: list[Number], text: str) -> list[Number]:
    """The start of a range with the unit of its end: both 5 and 40 of "5 to 40 °C" are temperatures."""
    out = list(found)
    for index in range(len(out) - 2, -1, -1):
        number, after = out[index], out[index + 1]
        if after.unit and not number.unit and _RANGE.fullmatch(text, number.end, after.at):
            out[index] = replace(number, unit=after.unit, scaled=number.scaled or _as_scaled(number, after))
    return out


def _as_scaled(number: Number, after: Number) -> frozenset[Decimal]:
    """The values of a range's start, times the "million" of its end."""
    if not after.scaled or not any(after.values):
        return frozenset()
    factor = max(after.scaled) / max(after.values)
    return frozenset(value * factor for value in number.values)


def _decimal(match: re.Match[str]) -> str:
    """ "1½" as 1.5."""
    return f"{int(match[1] or 0) + unicodedata.numeric(match[2]):g}"


def _and_a_half(match: re.Match[str]) -> str:
    """ "dos horas y media" as 2.5 hours; other words before the half are left as they are."""
    count = match["count"].casefold()
    value = int(count) if count.isdigit() else NUMBER_WORDS.get(count)
    return match[0] if not value else f"{value}.5 {match['unit'] or ''}".rstrip()


def quantities(text: str) -> set[str]:
    """What the units in a text measure: "2.5 bar" tells a pressure, though the word is not there."""
    found = (n.known for n in numbers(text))
    return {word for unit in found if unit for word in _QUANTITIES.get(unit.base, "").split()}


def has_number(text: str) -> bool:
    """Whether a text names any amount, in digits or in words that are not mostly articles."""
    words = frozenset(re.findall(r"[^\W_]+", fold(text))) - ARTICLES
    return any(c.isdigit() for c in text) or not words.isdisjoint(NUMBER_WORDS)


def _readings(digits: str) -> set[Decimal]:
    """Values a run of digits and separators can stand for; signs are not read (a dash may be a hyphen or a range)."""
    plain_digits = re.sub(r"['’\u00a0\u202f ]", "", digits).strip(".,")
    found = set()
    for thousands, point in ((",", "."), (".", ",")):
        candidate = plain_digits.replace(thousands, "").replace(point, ".")
        grouped = all(len(group) == 3 for group in re.split(re.escape(point), plain_digits)[0].split(thousands)[1:])
        if candidate.count(".") <= 1 and grouped:
            found.add(Decimal(candidate).normalize())
    if not found:
        found.update(Decimal(part) for part in re.findall(r"\d+", plain_digits))
    return found


_SCALE_NAMED = re.compile(
    rf"(?<!\w)(?P<word>{'|'.join(w for w in SCALES if len(w) > 3 or w in _SHORT_SCALES)})(?!\w)"
    rf"|(?<!\w)(?P<before>k|m|md|b|bn)\s?[{SYMBOLS}]|[{SYMBOLS}]\s?(?P<behind>k|m|md|b|bn)(?!\w)",
    re.IGNORECASE,
)


def scale_in(text: str) -> int:
    """What the numbers under a column's name or caption are multiplied by: a million for "(USD million)", "in M€"."""
    match = _SCALE_NAMED.search(text)
    if match is None:
        return 1
    letter = (match["before"] or match["behind"] or "").casefold()
    return _MONEY_SCALES.get(letter) or SCALES[(match["word"] or letter).casefold()]


_ALONE = re.compile(r"[(\[]\s*([^\W\d_])\s*[)\]]")  # "Harvest (t)"
_PER = re.compile(r"(?<!\w)(?:per|pro|par|por|al|je)\s+[^\W\d_]+", re.IGNORECASE)


_TIMES = re.compile(r"(?<=[^\W\d_])[·⋅∙](?=[^\W\d_])")  # N·m
_WEIGHED = re.compile(r"dB ?\([A-D]\)")  # not in amperes


def units_in(text: str) -> list[Unit]:
    """The units that a column's name, a caption or a cell names: "Weight (kg)", "in euro", "TWh"."""
    said = _TIMES.sub("", _WEIGHED.sub("dB", _PER.sub(" ", plain(text))))
    words = re.findall(r"%|°\s?[CF]|[€$£¥₹]|[^\W\d_]{1,14}[23]?(?:/[^\W\d_]{1,10}[23]?)?", said)
    found = [unit_of(word) for word in words if len(word) > 1 or word in "%€$£¥₹VAWNgmhsl"]
    found += [unit_of(letter) for letter in _ALONE.findall(said)]
    return [unit for unit in dict.fromkeys(found) if unit]
