"""Equations of Office files (OMML) and web pages (MathML) as a line of text: P = U²/R, √(a + b), ∑_(i=1)^n x.

The text is in the manner of Word's linear format (Unicode Technical Note 28).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from ingestion.formats.xml_reading import local_name

RAISED = str.maketrans("0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾")
LOWERED = str.maketrans("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎")
SMALL = re.compile(r"[0-9+\-−–=()]*[0-9][0-9+\-−–=()]*")  # what has letters of its own above and below the line
MARK = r"(?:[⁰¹²³⁴-⁾₀-₎′″]|[\^_](?:\w+|\([^()]*\)))*"
ATOM = re.compile(rf"(?:\d[\d.,]*|[^\W\d_]\d*|[√∛∜]?\([^()]*\)){MARK}")  # a number, a letter, a bracket
LOOSE = re.compile(r"[\s+\-−–±∓=<>≤≥≈≠,;/]")  # in what needs brackets above a fraction's line
RELATION = re.compile(r"[ \t\N{NO-BREAK SPACE}]*(:=|<=|>=|[=≈≠≤≥<>≡∝→⇒])[ \t\N{NO-BREAK SPACE}]*")
ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
ACCENTS = {"^": "\u0302", "¯": "\u0305", "‾": "\u0305", "→": "\u20d7", "˙": "\u0307", "~": "\u0303", "¨": "\u0308"}
DEGREES = "∘°◦"  # a small circle above the line
INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064"))  # function application, times, comma, plus


def raised(text: str) -> str:
    """As an exponent: ² ⁻⁶ ^n ^(a+b)."""
    return _attached(text, "^", RAISED)


def lowered(text: str) -> str:
    """As an index: ₂ _max."""
    return _attached(text, "_", LOWERED)


def _attached(text: str, sign: str, letters: dict[int, int]) -> str:
    text = text.strip()
    if not text or text in "′″‴":
        return text
    if sign == "^" and text in DEGREES:
        return "°"
    if SMALL.fullmatch(text):
        return text.translate(letters)
    return sign + (text if re.fullmatch(r"\w+|.", text) else f"({text})")


def fraction(above: str, below: str) -> str:
    """As a quotient: U²/R, (a + b)/2."""
    above, below = above.strip(), below.strip()
    return f"{f'({above})' if LOOSE.search(above) and not ATOM.fullmatch(above) else above}/{_single(below)}"


def _single(text: str) -> str:
    """With brackets, unless it is one number or letter."""
    return text if ATOM.fullmatch(text.strip()) else f"({text.strip()})"


def root(inside: str, degree: str) -> str:
    """As a root: √2, ∛(a + b)."""
    sign = ROOTS.get(degree.strip())
    inside = inside.strip()
    inside = inside if inside.isalnum() and len(inside) == 1 else f"({inside})"
    return f"{sign}{inside}" if sign else f"root({degree.strip()}, {inside.strip('()')})"


def _summed(sign: str, below: str, above: str, what: str) -> str:
    return f"{sign}{lowered(below)}{raised(above)} {what.strip()}"


def spaced(text: str) -> str:
    """One line, with space around = and the like."""
    return " ".join(RELATION.sub(r" \1 ", text.translate(INVISIBLE)).split())


def omml(equation: etree._Element) -> str:
    """``m:oMath`` or ``m:oMathPara`` as text."""
    if local_name(equation) == "oMathPara":
        return "; ".join(said for part in equation if local_name(part) == "oMath" and (said := omml(part)))
    return spaced(_omml_all(equation))


def _omml_all(holder: etree._Element | None) -> str:
    return "".join(_omml(child) for child in holder) if holder is not None else ""


def _omml(part: etree._Element) -> str:  # noqa: C901  one case per element of the standard
    name = local_name(part)
    if name == "t":
        return part.text or ""
    if name.endswith("Pr") or name in ("instrText", "delText", "del", "moveFrom"):
        return ""
    held = {local_name(child): child for child in part}

    def of(key: str) -> str:
        return _omml_all(held.get(key))

    def mark(key: str, usual: str) -> str:
        return _value(held.get(f"{name}Pr"), key, usual)

    match name:
        case "f":
            return fraction(of("num"), of("den"))
        case "sSup":
            return _based(of("e")) + raised(of("sup"))
        case "sSub":
            return _based(of("e")) + lowered(of("sub"))
        case "sSubSup":
            return _based(of("e")) + lowered(of("sub")) + raised(of("sup"))
        case "sPre":
            return lowered(of("sub")) + raised(of("sup")) + of("e")
        case "rad":
            return root(of("e"), "" if _is_on(held.get("radPr"), "degHide") else of("deg"))
        case "nary":
            return _summed(mark("chr", "∫"), of("sub"), of("sup"), of("e"))
        case "func":
            inside = of("e").strip()
            return f"{of('fName').strip()}{inside if inside.startswith('(') else f'({inside})'}"
        case "d":
            parts = [_omml_all(child) for child in part if local_name(child) == "e"]
            return mark("begChr", "(") + mark("sepChr", "|").join(parts) + mark("endChr", ")")
        case "acc":
            return of("e") + ACCENTS.get(mark("chr", "^"), mark("chr", "^"))
        case "limLow":
            return of("e") + lowered(of("lim"))
        case "limUpp":
            return of("e") + raised(of("lim"))
        case "m":
            rows = [[_omml_all(cell) for cell in row] for row in part if local_name(row) == "mr"]
            return _matrix(rows)
        case "eqArr":
            return "; ".join(_omml_all(child).replace("&", "") for child in part if local_name(child) == "e")
    return _omml_all(part)


def _based(text: str) -> str:
    """What an exponent or index stands at."""
    return f"({text.strip()})" if LOOSE.search(text.strip()) and not ATOM.fullmatch(text.strip()) else text


def _matrix(rows: Sequence[Sequence[str]]) -> str:
    return "; ".join(", ".join(cell.strip() for cell in row) for row in rows)


def _value(properties: etree._Element | None, key: str, usual: str) -> str:
    """A property's value; ``usual`` where it is not set."""
    for child in properties if properties is not None else ():
        if local_name(child) == key:
            return next(
                (str(value) for name, value in child.attrib.items() if etree.QName(name).localname == "val"), ""
            )
    return usual


def _is_on(properties: etree._Element | None, key: str) -> bool:
    return _value(properties, key, "0") not in ("0", "false", "off")


def mathml(equation: etree._Element) -> str:
    """``math`` as text."""
    return spaced(_mathml(equation))


def _mathml(part: etree._Element) -> str:
    name = local_name(part).lower()
    inside = [child for child in part if isinstance(child.tag, str)]
    if name in ("annotation", "annotation-xml", "mphantom", "maligngroup", "malignmark", "none", "mprescripts"):
        return ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        said = " ".join("".join(_texts(part)).split())
        return f" {said} " if name == "mtext" and " " in said else said
    if name == "mspace":
        return " "
    if name == "mtable":
        return _matrix([[_mathml(cell) for cell in row if isinstance(cell.tag, str)] for row in inside])
    if name == "semantics":
        return _mathml(inside[0]) if inside else ""
    told = [_mathml(child) for child in inside]
    if name == "mfenced":
        sign = (part.get("separators") or ",").strip()[:1]
        return (part.get("open") or "(") + f"{sign} ".join(told) + (part.get("close") or ")")
    if name == "msqrt":
        return root("".join(told), "")
    if len(told) == 2 and name in ("mfrac", "msup", "msub", "mroot", "munder", "mover"):
        first, second = told
        if name == "mfrac":
            return fraction(first, second)
        if name == "mroot":
            return root(first, second)
        if name == "mover" and second.strip() in ACCENTS:
            return first + ACCENTS[second.strip()]
        return _based(first) + (raised if name in ("msup", "mover") else lowered)(second)
    if len(told) == 3 and name in ("msubsup", "munderover"):
        return _based(told[0]) + lowered(told[1]) + raised(told[2]) + (" " if name == "munderover" else "")
    return "".join(told)


def _texts(part: etree._Element) -> Iterator[str]:
    yield from (str(text) for text in part.itertext())
