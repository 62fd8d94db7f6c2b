"""Units and what they measure, number words, and how often something happens: the vocabulary of amounts, by language.

A unit that is known has a dimension (the name of its base unit) and a factor: 1 kPa is 1e3 Pa. Case tells some apart
(mW, MW), the others are compared in small letters. A quotient ("l/min", "litres per minute") is known where both parts
are.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from rag.text.passages import wordset

_TIMES = {
    "1": "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi "
    "seconden saniye sn sekund sekundy sekunda sekunder сек секунд секунды секунда másodperc 秒 秒間 秒钟 초",
    "60": "min mins mn minute minutes minuten minuto minutos minuti minuut dakika dk minut minuty minuta minuter "
    "minutter мин минут минуты минута хв хвилин хвилини 分 分間 分钟 分鐘 분",
    "3600": "h hr hrs hour hours stunde stunden std heure heures hora horas ora ore uur uren saat godzina "
    "godziny godzin godz hodin hodiny hodina timmar timme час часа часов годин години óra 時間 小时 小時 시간",
    "86400": "day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen gün dzień dni dní dnů dagar "
    "dager dage день дня дней днів 日間 天 일",
    "604800": "week weeks wk woche wochen semaine semaines semana semanas settimana settimane weken hafta "
    "tydzień tygodnie tygodni týden týdny týdnů veckor uker uger недель недели тижнів 週間 周",
    "2628000": "month months monat monate monaten mois mes meses mese mesi maand maanden mês ay miesiąc "
    "miesiące miesięcy měsíc měsíce měsíců månader måneder "
    "месяц месяца месяцев місяців か月 ヶ月 カ月 ヵ月 個月 个月 개월",
    "31536000": "year years yr yrs jahr jahre jahren an ans année années año años ano anos anno anni jaar "
    "jaren yıl lat lata rok roky år лет года років 年間 년",
}
_MONEY = {
    "EUR": "€ eur euro euros", "USD": "$ usd us$ dollar dollars", "GBP": "£ gbp pound-sterling", "JPY": "¥ jpy yen",
    "CHF": "chf franken", "SEK": "sek kronor", "INR": "₹ inr rupees",
}  # fmt: skip
CURRENCIES = frozenset(_MONEY)
"""Dimensions that are money."""
_FACTORS: dict[str, dict[str, str]] = {
    "Pa": {"1": "pa", "100": "hpa mbar millibar", "1e3": "kpa", "1e6": "mpa", "1e5": "bar bars", "6894.757": "psi"},
    "m": {
        "1e-6": "µm micron microns", "1e-3": "mm millimetre millimetres millimeter millimeters millimètres "
            "milímetros millimetri",
        "1e-2": "cm centimetre centimetres centimeter centimeters zentimeter centimètres centímetros centimetri",
        "1": "m metre metres meter meters mètre mètres metro metros metri metrów metry", "1e-9": "",
        "1e3": "km kilometre kilometres kilometer kilometers kilomètres kilómetros chilometri quilómetros kilometrów",
        "0.0254": "inch inches zoll", "0.3048": "ft feet foot", "0.9144": "yd yard yards", "1609.344": "mile miles",
    },
    "m2": {"1": "m2 sqm", "1e-4": "cm2", "1e-6": "mm2", "1e6": "km2", "1e4": "ha hectares hectare hektar"},
    "g": {
        "1e-9": "ng", "1e-6": "µg microgram micrograms mikrogramm",
        "1e-3": "mg milligram milligrams milligramm milligrammes miligramos milligrammi",
        "1": "g gram grams gramm gramme grammes gramos grammi",
        "1e3": "kg kilogram kilograms kilo kilos kilogramm kilogrammes kilogramos chilogrammi quilo quilos "
            "quilogramas kilogramów",
        "1e6": "t tonne tonnes tons tonnen", "453.592": "lb lbs pounds", "28.3495": "oz ounce ounces",
    },
    "V": {"1e-6": "µv", "1e-3": "mv millivolt millivolts", "1": "v volt volts voltios vac vdc", "1e3": "kv"},
    "A": {"1e-6": "µa", "1e-3": "ma", "1": "amp amps ampere amperes ampère ampères"},
    "Ah": {"1e-3": "mah", "1": "ah"},
    "W": {"1": "w watt watts vatios watios", "1e3": "kw kilowatt kilowatts", "1e6": "megawatt megawatts", "1e9": "gw",
          "735.5": "ps hp"},
    "Hz": {"1": "hz hertz", "1e3": "khz kilohertz", "1e6": "mhz megahertz", "1e9": "ghz gigahertz"},
    "s": {
        "1e-9": "ns", "1e-6": "µs microsecond microseconds", "1e-3": "ms millisecond milliseconds millisekunden",
        **_TIMES,
    },
    "m3": {
        "1e-9": "µl microlitre microlitres",
        "1e-3": "l litre litres liter liters litro litros litri litrów", "1e-6": "ml millilitre millilitres "
            "milliliter ccm "
        "cm3",
        "1e-5": "cl", "1": "m3", "1e-4": "dl", "3.785411784e-3": "gal gallon gallons",
    },
    "Ω": {"1": "ω ohm ohms", "1e3": "kω kohm"},
    "°C": {"1": "°c ℃ celsius c"},
    "°F": {"1": "°f ℉ fahrenheit"},
    "°": {"1": "° degree degrees grad degrés grados gradi graden deg"},
    "%": {"1": "% percent per-cent prozent pourcent pourcents porcentaje percento procent procenta"},
    "N": {"1": "n newton newtons", "1e3": "kn"},
    "Nm": {"1": "nm newtonmeter newtonmetern newton-metres", "1e-2": "ncm"},
    "dB": {"1": "db dba db(a) decibel decibels dezibel décibels decibelios decibéis"},
    "1/s": {"0.0166666666666666667": "rpm u/min tr/min min-1 1/min omw/min r/min giri/min rev/min "
        "tours/minute umdrehungen/minute"},
    "B": {"1e3": "kb", "1e6": "mb", "1e9": "gb", "1e12": "tb"},
    "pixel": {"1": "px pixel pixels", "1e6": "mp megapixel megapixels megapixéis megapíxeles"},
    "VA": {"1": "va", "1e3": "kva"},
    "Wh": {"1": "wh", "1e3": "kwh", "1e6": "mwh", "1e9": "gwh", "1e12": "twh"},
    "J": {"1": "j joule joules", "1e3": "kj", "4184": "kcal"},
    "K": {"1": "kelvin"},
    "lm": {"1": "lm lumen lumens"}, "lx": {"1": "lx lux"}, "ppm": {"1": "ppm"},
    "F": {"1e-12": "pf", "1e-9": "nf", "1e-6": "µf"},
    **{currency: {"1": names} for currency, names in _MONEY.items()},
}  # fmt: skip
"""Per dimension the factors to its base unit, each with its units."""

_EXACT = {
    "MW": ("W", "1e6"), "mW": ("W", "1e-3"), "A": ("A", "1"), "MΩ": ("Ω", "1e6"), "mΩ": ("Ω", "1e-3"),
    "MPa": ("Pa", "1e6"), "Mb": ("bit", "1e6"), "Mbit": ("bit", "1e6"),
}  # fmt: skip
"""Units that only their case tells from others, or from words."""

_UNITS = {
    name: (base, Decimal(factor))
    for base, factors in _FACTORS.items()
    for factor, names in factors.items()
    for name in names.split()
}
_NO_UNITS = wordset("a c n pounds")  # mostly something else in small letters
_UPPER = wordset("C N")  # single letters that are units as capitals only
_SCALES = {
    10**3: "thousand k tausend tsd mille mil mila duizend tysięcy",
    10**6: "million millions mn mio millionen millones millón milione milioni miljoen milhão milhões milion "
    "milionów milyon mln",
    10**9: "billion billions bn mrd milliarde milliarden milliard milliards miliardo miliardi miljard mld "
    "miliard miliardów milyar",
    10**12: "trillion trillions billionen",
}
SCALES = {word: factor for factor, words in _SCALES.items() for word in words.split()}
"""Words that multiply the number before them."""

SYMBOLS = "€$£¥₹"
"""Currencies that stand before their number."""


MEASURES: dict[str, frozenset[str]] = {
    "time": wordset("s"), "temperature": wordset("°C °F K °"), "pressure": wordset("Pa"), "length": wordset("m"),
    "weight": wordset("g"), "volume": wordset("m3"), "voltage": wordset("V"), "current": wordset("A Ah"),
    "power": wordset("W VA"), "speed": wordset("1/s m/s"), "torque": wordset("Nm"), "share": wordset("%"),
    "noise": wordset("dB"), "price": frozenset(_MONEY),
}  # fmt: skip
"""The quantities that a question can ask for by the base units that measure them."""


class Unit(NamedTuple):
    """What a unit measures, by the name of its base unit, and how many of those it is."""

    base: str
    factor: Decimal


@lru_cache(maxsize=4096)
def unit_of(written: str) -> Unit | None:
    """The unit of these letters, None for any other word."""
    plain = " ".join(written.replace("μ", "µ").replace("° ", "°").replace("Ω", "Ω").split()).rstrip(".")
    plain = re.sub(r"\^?[-–−](?=1$)", "-", plain)  # min⁻¹
    if plain in _EXACT:
        return Unit(_EXACT[plain][0], Decimal(_EXACT[plain][1]))
    key = plain.casefold().replace("μ", "µ").replace("per cent", "per-cent")
    key = key.split()[-1] if key.endswith((" celsius", " fahrenheit")) else key
    if key in _UNITS and not (key in _NO_UNITS and plain not in _UPPER):
        return Unit(*_UNITS[key])
    parts = re.split(r"\s*/\s*|\s+(?:per|pro|par|por)\s+", plain)
    if len(parts) != 2 or not all(parts):
        return None
    above, below = unit_of(parts[0]), unit_of(parts[1])
    return Unit(f"{above.base}/{below.base}", above.factor / below.factor) if above and below else None


_UNITS_TENS: dict[str, tuple[str, str, str]] = {
    "en": (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "hundred",
    ),
    "de": (
        "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn "
        "siebzehn achtzehn neunzehn",
        "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
        "hundert",
    ),
    "fr": (
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
        "dix-huit dix-neuf",
        "vingt trente quarante cinquante soixante soixante-dix quatre-vingt quatre-vingt-dix",
        "cent",
    ),
    "es": (
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
        "diecisiete dieciocho diecinueve",
        "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
        "cien",
    ),
    "it": (
        "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici "
        "diciassette diciotto diciannove",
        "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
        "cento",
    ),
    "nl": (
        "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
        "zeventien achttien negentien",
        "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
        "honderd",
    ),
    "pt": (
        "zero um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezasseis dezassete "
        "dezoito dezanove",
        "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
        "cem",
    ),
}
"""Per language the words for 0 to 19, for 20 to 90, and for a hundred."""

_ALSO = {
    "eins": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "une": 1, "una": 1, "dreissig": 30, "dozen": 12,
    "uma": 1, "duas": 2, "dutzend": 12, "douzaine": 12, "docena": 12,
}  # fmt: skip
ARTICLES = wordset("one ein eine einen einem einer un une uno una een eins um uma")
"""Words for 1 that are mostly no number."""


def _number_words() -> dict[str, int]:
    words = dict(_ALSO)
    for language, (low, tens, hundred) in _UNITS_TENS.items():
        small = low.split()
        words |= {word: value for value, word in enumerate(small)}
        words[hundred] = 100
        for index, ten in enumerate(tens.split()):
            value = 20 + 10 * index
            words[ten] = value
            for one in range(1, 10):
                words |= dict.fromkeys(_joined(language, ten, small[one]), value + one)
        for count in range(2, 10):
            for joint in ("", " "):
                words[f"{small[count]}{joint}{hundred}"] = 100 * count
        words |= {f"{word} {hundred}": 100 for word in ("one", "a") if language == "en"}
    return words


def _joined(language: str, ten: str, one: str) -> tuple[str, ...]:
    if language in ("de", "nl"):
        return (f"{one}{'und' if language == 'de' else 'en'}{ten}",)
    if language == "it":
        return (f"{ten[:-1] if one in ('uno', 'otto') else ten}{one}",)
    if language in ("es", "pt"):
        joint = "y" if language == "es" else "e"
        return (f"{ten} {joint} {one}", f"veinti{one}" if ten == "veinte" else f"{ten} {joint} {one}")
    return (f"{ten}-{one}", f"{ten} {one}", f"{ten} et {one}", f"{ten}-et-{one}")


NUMBER_WORDS = _number_words()
"""Words and short phrases for whole numbers, in small letters, with their values."""

_TIME_WORDS = {word for words in _TIMES.values() for word in words.split() if len(word) > 1} | {"h"}
_TIME_WORD = "|".join(sorted(_TIME_WORDS, key=len, reverse=True))
_SOME = r"\d{1,4}|[^\W\d_]+(?:[- ](?:und |et |y )?[^\W\d_]+)??"
_EVERY = re.compile(
    r"(?<!\w)(?:every|each|alle|jede[nrsm]?|tous\s+les|toutes\s+les|chaque|cada|ogni|elke|iedere|a\s+cada|co|her)\s+"
    rf"(?:(?P<count>{_SOME})\s+)??(?P<unit>{_TIME_WORD})(?!\w)",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    r"(?<!\w)(?:(?P<word>once|twice|einmal|zweimal|dreimal|viermal|eenmaal|tweemaal)"
    r"|(?P<count>\d{1,4}|[^\W\d_]+?)[\s-]?(?:times|mal|fois|vez|veces|volte|volta|keer))\s+"
    r"(?:an?|per|each|every|in\s+the|im|in\s+der|am|pro|par|à\s+l['’]|al|a\s+la|por|all['’]|alla|per|in\s+het)\s*"
    rf"(?P<unit>{_TIME_WORD})(?!\w)",
    re.IGNORECASE,
)
_ADVERBS = {
    "hourly stündlich": 3600, "daily täglich quotidiennement diariamente giornalmente dagelijks": 86400,
    "weekly wöchentlich hebdomadairement semanalmente settimanalmente wekelijks": 604800,
    "monthly monatlich mensuellement mensualmente mensilmente maandelijks": 2628000,
    "quarterly vierteljährlich trimestriellement trimestralmente": 7884000, "half-yearly halbjährlich": 15768000,
    "yearly annually annual jährlich annuellement annuel anualmente anual annualmente jaarlijks": 31536000,
}  # fmt: skip
_ADVERB = {word: Decimal(seconds) for words, seconds in _ADVERBS.items() for word in words.split()}
_ADVERB_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_ADVERB)})(?!\w)", re.IGNORECASE)
_COUNTS = {
    "once": 1, "twice": 2, "einmal": 1, "zweimal": 2, "dreimal": 3, "viermal": 4, "eenmaal": 1, "tweemaal": 2,
}  # fmt: skip


class Period(NamedTuple):
    """How often something happens: the words, the seconds between, and where the words stand."""

    written: str
    seconds: Decimal
    at: int
    end: int


def periods(text: str) -> list[Period]:
    """Every "every six months", "twice a year", "monthly" in a text."""
    found = []
    for match in _EVERY.finditer(text):
        count = _count(match["count"] or "1")
        unit = unit_of(match["unit"])
        if count and unit:
            found.append(Period(match[0], count * unit.factor, match.start(), match.end()))
    for match in _OFTEN.finditer(text):
        count = Decimal(_COUNTS[match["word"].casefold()]) if match["word"] else _count(match["count"])
        unit = unit_of(match["unit"])
        if count and unit:
            found.append(Period(match[0], unit.factor / count, match.start(), match.end()))
    found += [Period(m[0], _ADVERB[m[0].casefold()], m.start(), m.end()) for m in _ADVERB_WORD.finditer(text)]
    return found


_REPEATED = re.compile(
    r"(?<!\w)(?:(?P<word>[^\W\d_]+?)[\s-]?(?:times|mal|fois|veces|vezes|volte|keer|maal|kez|kere|razy)|(?P<twice>twice|thrice))(?!\w)",
    re.IGNORECASE,
)
_ADVERBS_OF_TIMES = {"twice": 2, "thrice": 3}


def repetitions(text: str) -> list[int]:
    """How often something happens, where it is said in words: 4 of "blinks four times", 9 of "blinkt neunmal"; not 1,
    which is mostly said of a moment."""
    found: list[int] = []
    for match in _REPEATED.finditer(text):
        word = (match["word"] or match["twice"]).casefold()
        value = _ADVERBS_OF_TIMES.get(word) or NUMBER_WORDS.get(word) or 0
        found += [value] if value > 1 else []
    return found


def _count(word: str) -> Decimal | None:
    if word.isascii() and word.isdigit():
        return Decimal(word)
    known = NUMBER_WORDS.get(word.casefold())
    return Decimal(known) if known else None
