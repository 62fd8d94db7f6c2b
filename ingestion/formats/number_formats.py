"""Numbers as a sheet shows them: by the number formats of Office files (ECMA-376, part 1, 18.8.31).

    shown(0.125, "0.0%")      12.5%

Dates are no numbers here; a number whose format is not known is shown as it is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from itertools import takewhile
from typing import NamedTuple

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|'
    r"\[(?P<bracket>[^\]]*)\]|(?P<general>General)|(?P<power>[Ee][+-])|(?P<digit>[0#?])|(?P<other>.)",
    re.S,
)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)")
MOST_DIGITS = 30  # after the point
PLAIN = ("", "General", "@", "Standard")


class _Part(NamedTuple):
    """A piece of a format: "digit", "point", "comma", "percent", "slash", "power", "general", "text" or a literal."""

    kind: str
    text: str


def shown(number: int | float, code: str | None) -> str:
    """``number`` in the format ``code``: 0.255 in 0.0% is 25.5%, 1234.5 in #,##0.00 "EUR" is 1,234.50 EUR."""
    if not code or code in PLAIN or not math.isfinite(number):
        return plain(number)
    sections = _sections(code)
    section, magnitude = _chosen(sections, number)
    if section is None:
        return plain(number)
    parts = _parts(section)
    if parts is None:
        return plain(number)
    try:
        said = _filled(parts, magnitude)
    except (InvalidOperation, OverflowError, ValueError, ZeroDivisionError):  # beyond what a decimal holds
        return plain(number)
    return " ".join(said.split())


def plain(number: int | float) -> str:
    """Without a format; binary dust rounded away."""
    return f"{number:.15g}" if isinstance(number, float) else str(number)


def text_shown(text: str, code: str | None) -> str:
    """A text in a format such as "No. "@."""
    section = _sections(code)[-1] if code and "@" in code and code != "@" else ""
    parts = _parts(section) if section else None
    if not parts or any(part.kind not in ("literal", "text") for part in parts):
        return text
    return "".join(text if part.kind == "text" else part.text for part in parts).strip()


def _sections(code: str) -> list[str]:
    found, start, quoted, place = [], 0, False, 0
    while place < len(code):
        if code[place] == "\\" and not quoted:
            place += 1
        elif code[place] == '"':
            quoted = not quoted
        elif code[place] == ";" and not quoted:
            found.append(code[start:place])
            start = place + 1
        place += 1
    return [*found, code[start:]]


def _chosen(sections: Sequence[str], number: int | float) -> tuple[str | None, int | float]:
    """The section for a number, and the number without the sign that the section itself stands for."""
    conditions = [re.search(r"\[([<>=][^\]]*)\]", section) for section in sections]
    if any(conditions):
        for section, found in zip(sections, conditions, strict=True):
            condition = CONDITION.fullmatch(found[1]) if found else None
            if found is None or (condition and _holds(number, condition[1], float(condition[2]))):
                return section, number
        return None, number
    if len(sections) > 2 and number == 0:
        return sections[2], number
    if len(sections) > 1 and number < 0:
        return sections[1], abs(number)
    return sections[0], number


def _holds(number: float, sign: str, limit: float) -> bool:
    return {
        "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit,
        "=": number == limit, "<>": number != limit,
    }[sign]  # fmt: skip


def _parts(section: str) -> list[_Part] | None:
    """None where the section has letters of dates, which are no part of a number."""
    found: list[_Part] = []
    for token in TOKEN.finditer(section):
        kind, text = token.lastgroup or "", token[token.lastgroup or 0]
        if kind in ("quoted", "escaped", "currency"):
            found.append(_Part("literal", text))
        elif kind == "space":
            found.append(_Part("literal", " "))
        elif kind in ("digit", "power", "general"):
            found.append(_Part(kind, text))
        elif kind == "other":
            known = {".": "point", ",": "comma", "%": "percent", "/": "slash", "@": "text"}.get(text, "literal")
            if known == "literal" and text.isalpha() and text.isascii():
                return None
            found.append(_Part(known, text))
    return found


def _filled(parts: Sequence[_Part], number: int | float) -> str:
    if any(part.kind == "general" for part in parts):
        return "".join(plain(number) if part.kind == "general" else part.text for part in parts)
    digits = [place for place, part in enumerate(parts) if part.kind == "digit"]
    if not digits:
        return "".join(part.text for part in parts if part.kind in ("literal", "percent"))
    kinds = [part.kind for part in parts]
    if "slash" in kinds:
        return _as_fraction(parts, number)
    first, last = digits[0], digits[-1]
    point = kinds.index("point") if "point" in kinds else last + 1
    before = [place for place in digits if place < point]
    after = [place for place in digits if place > point and "power" not in kinds[point:place]]
    if "power" in kinds:
        body = f"{number:.{len(after)}E}"
        return _around(parts, first, last, body)
    scaled = Decimal(repr(number)) * 100 ** kinds.count("percent")
    thousands = any(kinds[place] == "comma" for place in range(first, before[-1])) if before else False
    for behind in {(before or digits)[-1], last}:  # commas there divide by a thousand each
        scaled /= 1000 ** len(list(takewhile(lambda kind: kind == "comma", kinds[behind + 1 :])))
    rounded = abs(scaled).quantize(Decimal(1).scaleb(-min(len(after), MOST_DIGITS)), ROUND_HALF_UP)
    whole, _, rest = f"{rounded:f}".partition(".")
    body = _whole(parts, first, before, whole.lstrip("0"), thousands)
    body += _rest(parts, point, after, rest)
    sign = "-" if scaled < 0 and rounded != 0 else ""
    end = max([last, *([point] if "point" in kinds else [])])
    return sign + _around(parts, first, end, body)


def _around(parts: Sequence[_Part], first: int, last: int, body: str) -> str:
    lead = "".join(part.text for part in parts[:first] if part.kind in ("literal", "percent", "slash"))
    tail = "".join(part.text for part in parts[last + 1 :] if part.kind in ("literal", "percent", "slash"))
    return lead + body + tail


def _whole(parts: Sequence[_Part], first: int, places: Sequence[int], digits: str, thousands: bool) -> str:
    """The digits before the point in their places, what stands between them where it is."""
    if not places:
        return digits
    left, said = digits, ""
    for place in range(places[-1], first - 1, -1):
        part = parts[place]
        if part.kind == "literal":
            said = part.text + said
        elif part.kind == "digit":
            here = left[-1:] or ("0" if part.text == "0" else "")
            left = left[:-1]
            said = here + said
    said = left + said
    if thousands and said.isdigit():
        return f"{int(said):,}".rjust(len(said), "0") if int(said) else said
    return said


def _rest(parts: Sequence[_Part], point: int, places: Sequence[int], digits: str) -> str:
    if not places:
        return ""
    needed = max((number for number, place in enumerate(places, 1) if parts[place].text == "0"), default=0)
    kept = digits[:needed] + digits[needed:].rstrip("0")
    return f".{kept}" if kept else ""


def _as_fraction(parts: Sequence[_Part], number: int | float) -> str:
    """# ?/? and # ??/16."""
    slash = next(place for place, part in enumerate(parts) if part.kind == "slash")
    below = "".join(part.text for part in parts[slash + 1 :] if part.kind in ("digit", "literal"))
    fixed = below.strip() if below.strip().isdigit() and int(below) else ""
    whole_part = any(part.kind == "literal" and part.text == " " for part in parts[:slash])
    size = abs(Fraction(repr(number)))
    near = (
        Fraction(round(size * int(fixed)), int(fixed))
        if fixed
        else size.limit_denominator(10 ** max(1, sum(part.kind == "digit" for part in parts[slash:])) - 1)
    )
    whole = int(near) if whole_part else 0
    rest = near - whole
    sign = "-" if number < 0 else ""
    said = f"{rest.numerator}/{rest.denominator}" if rest else ""
    if fixed and rest:
        said = f"{rest.numerator * int(fixed) // rest.denominator}/{fixed}"
    return sign + (" ".join(part for part in (str(whole) if whole or not rest else "", said) if part) or "0")
