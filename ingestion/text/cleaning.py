"""Characters and lines to clean text, as a person would type it: ligatures, odd spaces, hyphens at line ends.

    join_lines(["The hydro-", "static pump"])       "The hydrostatic pump"

A hyphen before "and" or "or" stays: "low-" and "and high-pressure side" give "low- and high-pressure side".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ingestion.text.thai_maps import composed

# Glyph variants that stand for plain letters: Latin, Hebrew and Arabic ligatures and forms, radicals, compatibility
# ideographs. Full-width letters and mathematical alphabets differ in meaning and stay.
VARIANTS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff\ufb00-\ufdff\ufe70-\ufefc]")
INVISIBLE = re.compile(
    "[\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufff8"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]|\u00ad(?=.)"
)
"""What Unicode calls default ignorable: drawn as nothing, so that words can be hidden in tags (U+E0000) and variation
selectors, and turned around by marks of direction. What joins or parts letters (U+200C, U+200D) and fills stays."""
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # what a terminal acts upon
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
LAYOUT_MARK = re.compile(r"(?:(?<=\s)|^)[\x03\x07\x08]|[\x03\x07\x08](?=\s|$)")
"""InDesign's marks, drawn as nothing: "indent to here" after a bullet, right tab, end of a nested style. Between
letters these codes are letters of a broken encoding."""
DEGREE = re.compile(
    r"[\u25e6\u2218](?=[CF]\b)|(?<=\d)[\u25e6\u2218](?!\w)|(?<=\d)[ᵒº](?=\s?[CF]\b)|(?<=\d[\s\xa0])[ᵒº⁰](?=\s?[CF]\b)"
    r"|(?:(?<=[\d½¼¾])|(?<=[\d½¼¾][\s\xa0]))[\x01-\x08\ufffd](?=C\b)"
)
"""What is written for a degree: the small circle that TeX raises ("150 ◦C", "90◦"), a raised letter or nought before
the unit ("20 ᵒC"), a sign that nothing names between a number and "C"."""
_BLOCKS = range(0x0900, 0x0D80, 0x80)  # of the scripts of India, each laid out alike
_SIGNS = "".join(f"{chr(block + 0x3E)}-{chr(block + 0x4C)}" for block in _BLOCKS)
TWICE = re.compile(f"([{_SIGNS}])\\1+")
"""A vowel's sign that is there twice: browsers' files name it with the consonants before it and by itself."""
BOX_SIGN = re.compile(r"(?<=\w)(?=[☐☑☒]\s)")
"""Where a box to tick follows an entry at once: it begins the next one."""
LETTER_RULE = re.compile(r"(?<!\S)([^\W\d_xX])\1{19,}(?!\S)")
"""A rule or filler made of one sign of a font that has no other: no word repeats a letter so often."""
REPLACEMENT = "\ufffd"
HYPHENS = "-\u2010"
COMPOUNDS = ("self", "ex")  # what stands before a hyphen of its own, as a single letter does ("x-ray")
PARTICIPLE = re.compile(r"[a-z]{3,}(?:ing|ed)")
_MODIFIERS = """
    based capable compatible conscious critical dependent driven efficient free friendly independent intensive made
    neutral proof ready related relevant resistant sensitive shaped specific tight wide
"""
MODIFIERS = frozenset(_MODIFIERS.split())
_BEFORE_PARTICIPLES = """
    acid air alarm base battery belt blade body boiler bolt book bottom brake brand budget cable camera car chain
    clock coil colour color computer copper corner cost crank credit customer data decision diesel door dust earth
    edge electricity energy engine error event face fibre fiber field filter fire flange flash flow fluid foam fuel
    function future gas gear glass goal gold grease ground hand heat hose hour interest knowledge labour labor laser
    law lead life light load location machine market menu metal motor mould noise office oil panel paper pedal
    piston plastic pole power pressure price process profit project pump quality rack rain record resin roller roof
    rope rotor rubber safety sales salt screw sensor shaft shape silicone silver size slot software solar sound
    space speed spring state steam steel stone store stress surface system task tax team temperature test thread
    time tool top torque track traffic train trend tube turbine user vacuum value valve vapour vehicle voltage
    volume wall warehouse water weight wheel wind wire wood work world worm
"""
BEFORE_PARTICIPLES = frozenset(_BEFORE_PARTICIPLES.split())
"""Nouns that make compounds with a hyphen: "cost-saving", "water-cooled"."""
_GRADES = """
    high low medium long short full hot cold
"""
GRADES = frozenset(_GRADES.split())
_QUANTITIES = """
    air amplitude capacity cost current cycle density duty efficiency energy flow frequency grade humidity impedance
    lasting level life load loss noise output performance power precision pressure pole quality range resistance
    resolution risk scale speed stage strength temperature term torque viscosity voltage volume water
"""
QUANTITIES = frozenset(_QUANTITIES.split())
"""What is high or low, as in "high-pressure": none of them ends a word that begins so."""
_COUNTS = """
    one two three four five six eight ten single double multi
"""
COUNTS = frozenset(_COUNTS.split())
_COUNTED = """
    axis button core digit layer line part phase piece pin point step stroke way wheel wire
"""
COUNTED = QUANTITIES | frozenset(_COUNTED.split())
WELL = frozenset(("built", "known", "kept", "lit", "made", "proven", "worn"))
AND = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e", "en", "of", "och", "og"}
LONG_PART = 4  # letters: a part of a word that may be a word by chance
MINUS = re.compile(r"(?:^|[^\d\s]\s+)[-\u2212\u2013]$")  # before a number, where no number stands before it
SECOND_NOUN = re.compile(r"[^\W\d_]{2,}[-\u2010][^\W\d_a-zß-öø-ÿ][a-zß-öø-ÿ]+$")
"""The begin of a compound's second noun: "Sicherheits-Tempe" before "raturbegrenzer", which a line parts."""
LAST_WORD = re.compile(r"(?<!\S)(\S+)[-\u2010]$")


def clean(text: str) -> str:
    """One line of text: glyph variants to letters, any space to one blank, a soft hyphen at the end to a hyphen, a
    circle that is a degree to its sign, the two parts of a Thai vowel to one, a blank before a box to tick; control
    characters, which a broken encoding leaves, to the replacement character, but for marks of layout, which go, as
    rules made of a letter do."""
    text = VARIANTS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = composed(text)
    text = TWICE.sub(r"\1", BOX_SIGN.sub(" ", DEGREE.sub("°", text)))
    text = LAYOUT_MARK.sub("", INVISIBLE.sub("", text.strip()))
    text = CONTROL.sub(REPLACEMENT, text.replace("\u00ad", "-"))
    return " ".join(LETTER_RULE.sub("", text).split())


def printable(text: str) -> str:
    """Words of documents, models and file names as a terminal may be given them: nothing in them moves its cursor,
    sets links or colours, or turns the direction of what follows. Line breaks and tabs stay."""
    return STEERING.sub(REPLACEMENT, text)


def join_lines(lines: Iterable[str]) -> str:
    """Lines to one paragraph; a word cut by a hyphen at a line's end is mended, a compound keeps its hyphen."""
    parts = [line.strip() for line in lines if line.strip()]
    known = {word.strip(".,;:!?()") for part in parts for word in part.lower().split()}
    text = ""
    for part in parts:
        text = _joined(text, part, known) if text else part
    return text


def is_cjk(char: str) -> bool:
    """Chinese and Japanese characters and their punctuation, which are written without spaces (Korean is not)."""
    return (
        "\u2e80" <= char <= "\u312f"
        or "\u31a0" <= char <= "\u9fff"
        or "\uf900" <= char <= "\ufaff"
        or "\uff01" <= char <= "\uff9f"
        or "\U00020000" <= char <= "\U0003ffff"
    )


def _is_compound(first: str, rest: str, known: set[str]) -> bool:
    """Whether two words that stand for themselves meet at a line's end, as in "price-determining": a hyphenation would
    have parted one word by its syllables."""
    if (first in GRADES and rest in QUANTITIES) or (first in COUNTS and rest in COUNTED):
        return True
    if first == "well":
        return rest in WELL or PARTICIPLE.fullmatch(rest) is not None
    if rest in MODIFIERS:
        return first in BEFORE_PARTICIPLES or (len(first) > LONG_PART and first in known)
    doubled = first[-1:] == rest[:1]  # "metal-lized" is one word
    return first in BEFORE_PARTICIPLES and PARTICIPLE.fullmatch(rest) is not None and not doubled


def _joined(text: str, line: str, known: set[str]) -> str:
    cut = LAST_WORD.search(text)
    if cut and cut[1][-1].isalnum() and line[0].isalnum():
        return _mended(text, cut[1], line, known)
    if line[0].isdigit() and MINUS.search(text):
        return text + line
    if is_cjk(text[-1]) and is_cjk(line[0]):
        return text + line
    return f"{text} {line}"


def _mended(text: str, start: str, line: str, known: set[str]) -> str:
    """A hyphen between letters in lower case was put in by the line break, unless the word is a compound."""
    first = line.split()[0]
    if first.lower() in AND:  # "inlet- and outlet valves"
        return f"{text} {line}"
    last, rest = re.split(r"[(\[“\"'/]", start)[-1].lower(), first.lower().strip(".,;:!?()")
    if SECOND_NOUN.search(start) and line[0].islower() and rest not in MODIFIERS and not PARTICIPLE.fullmatch(rest):
        return text[:-1] + line
    compound = f"{last}-{rest}" in known
    whole = f"{last}{rest}" in known
    prefix = last in COMPOUNDS or len(last) == 1 or any(h in start for h in HYPHENS) or _is_compound(last, rest, known)
    if line[0].islower() and start[-1].isalpha() and (whole or not (compound or prefix)):
        return text[:-1] + line
    return text + line
