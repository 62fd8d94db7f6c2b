"""Raised and lowered characters of a line as Unicode has them: m³, 10⁻⁶, H₂O, brine¹, ½.

Digits and signs always mean something else when they are raised ("10⁻⁶"); letters do where they stand alone ("xⁿ", a
note's "ᵃ"). Longer ones are words in small type ("1st", "Tmax", "Mme") and stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.text.glyphs import GONE, Edits, Glyph

SMALLER = 0.88  # of the size of the character that they belong to
RAISED = (0.15, 0.85)  # of that size: how far the base line is above
LOWERED = (0.05, 0.5)
LEVEL = 0.05  # of the size by which the base lines of one run differ
NEAR = 0.35  # of the size between a character and what is raised at it
LEADING = 0.7  # of the size between a note's number and the note
LIFTED = 0.25  # of the size: how far a number of nearly that size stands from the base line
LIFTED_LENGTH = 4  # its characters, at most
STACKED = 0.3  # of the size: how far a numerator and a denominator stand from the base line, at least
SHARED = 0.5  # of the narrower of a numerator and what stands below it: how much they share across
CURRENCY = frozenset("$€£¥₹")
SUPER = dict(
    zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True)
) | dict(zip("abcdefghjklmoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))  # fmt: skip
SUB = dict(zip("0123456789+-−–=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
MARKS = {"TM": "™", "SM": "℠"}
FRACTIONS = {
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘",
    "1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞",
}  # fmt: skip
SLASHES = "/\u2044\u2215"
NOTE = re.compile(r"[a-z](?:,[a-z])*")
NUMBER = re.compile(r"[0-9][0-9,.–\-]*")
SIGNED = re.compile(r"[-+−–]?[0-9a-z()+=\-−–,.]*[0-9+\-−–=][0-9a-z()+=\-−–,.]*")
ORDINAL = re.compile(r"(?:[0-9]|\b[IVXLCDM]+)$")


class _Run(NamedTuple):
    """Characters of one size on one base line, from ``start`` to before ``end``."""

    start: int
    end: int
    size: float
    rise: float


def scripts(glyphs: Sequence[Glyph]) -> Edits:
    """Raised and lowered characters of one line. Those whose neighbours are no larger stay."""
    runs = _runs(glyphs)
    if len({round(run.size, 1) for run in runs}) < 2:
        return {}
    found: Edits = {}
    bases: dict[int, _Run] = {}
    for i, run in enumerate(runs):
        base = _base(glyphs, runs, bases, i)
        if base is None:
            continue
        bases[i] = base
        step = (run.rise - base.rise) / base.size
        before = "".join(g.text for g in glyphs[max(0, run.start - 12) : run.start])
        after = glyphs[run.end].text if run.end < len(glyphs) else " "
        if RAISED[0] <= step <= RAISED[1]:
            found |= _fraction(glyphs, runs, i) or _written(glyphs, run, _raised(_text(glyphs, run), before, after))
        elif LOWERED[0] <= -step <= LOWERED[1] and not set(range(run.start, run.end)) & set(found):
            found |= _written(glyphs, run, _lowered(_text(glyphs, run)))
    return found


def stacked_fraction(upper: Sequence[Glyph], lower: Sequence[Glyph]) -> tuple[Edits, Edits]:
    """A small numerator that ends a line, right above the denominator that begins the next one, as one sign: the
    library parts a line at a fraction of TeX. What to change in either line; nothing where they are none."""
    if not upper or not lower or not (upper[-1].text.isdigit() and lower[0].text.isdigit()):
        return {}, {}
    runs = _runs(upper), _runs(lower)
    above, below = runs[0][-1], runs[1][0]
    sign = FRACTIONS.get(f"{_text(upper, above)}/{_text(lower, below)}")
    level = [run for run in (*runs[0][-2:-1], *runs[1][1:2]) if run.size * SMALLER >= max(above.size, below.size)]
    if not sign or not level:
        return {}, {}
    rises = (above.rise - level[0].rise) / level[0].size, (level[0].rise - below.rise) / level[0].size
    parts = upper[above.start :], lower[: below.end]
    shared = min(part[-1].x1 for part in parts) - max(part[0].x0 for part in parts)
    narrow = min(part[-1].x1 - part[0].x0 for part in parts)
    base = upper[above.start - 1] if above.start else None
    beside_letter = base is not None and base.text.isalpha() and parts[0][0].x0 - base.x1 < LEVEL * level[0].size
    if min(rises) < STACKED or max(rises) > RAISED[1] or shared < SHARED * narrow or beside_letter:  # "x²₂"
        return {}, {}
    gone = dict.fromkeys(range(above.start + 1, above.end), GONE)
    return {above.start: sign} | gone, dict.fromkeys(range(below.end), GONE)


def _runs(glyphs: Sequence[Glyph]) -> list[_Run]:
    runs: list[_Run] = []
    for i, glyph in enumerate(glyphs):
        if glyph.blank:
            continue
        last = runs[-1] if runs else None
        if last and abs(last.size - glyph.size) < 0.05 * last.size and abs(last.rise - glyph.rise) < LEVEL * last.size:
            runs[-1] = last._replace(end=i + 1)
        else:
            runs.append(_Run(i, i + 1, glyph.size, glyph.rise))
    return runs


def _text(glyphs: Sequence[Glyph], run: _Run) -> str:
    return "".join(g.text for g in glyphs[run.start : run.end])


def _base(glyphs: Sequence[Glyph], runs: Sequence[_Run], bases: dict[int, _Run], i: int) -> _Run | None:
    """The larger characters before a run that it is set at, or after it where it leads the line."""
    run = runs[i]
    if i > 0:
        last = runs[i - 1]
        near = glyphs[run.start].x0 - glyphs[last.end - 1].x1 <= NEAR * max(last.size, run.size)
        if near and (run.size <= SMALLER * last.size or _is_lifted(glyphs, runs, i)):
            return last
        if near and i - 1 in bases and run.size <= SMALLER * bases[i - 1].size:
            return bases[i - 1]
    if i + 1 < len(runs) and (i == 0 or not glyphs[run.start - 1].text.isalnum()):
        following = runs[i + 1]
        gap = glyphs[following.start].x0 - glyphs[run.end - 1].x1
        if run.size <= SMALLER * following.size and gap <= LEADING * following.size:
            return following
    return None


def _is_lifted(glyphs: Sequence[Glyph], runs: Sequence[_Run], i: int) -> bool:
    """Whether a number is hardly smaller than the letters before it and stands well above or below their base line, on
    which the line goes on: an exponent of WeasyPrint's."""
    run, last = runs[i], runs[i - 1]
    back = i + 1 == len(runs) or abs(runs[i + 1].rise - last.rise) < LEVEL * last.size
    far = LIFTED <= abs(run.rise - last.rise) / last.size <= RAISED[1]
    short = run.end - run.start <= LIFTED_LENGTH and SIGNED.fullmatch(_text(glyphs, run))
    return back and far and bool(short) and run.size <= last.size and glyphs[last.end - 1].text.isalnum()


def _raised(text: str, before: str, after: str) -> str | None:
    """What a raised text is in Unicode; None where it stays as it is."""
    plain = text.strip()
    if plain in MARKS:
        return text.replace(plain, MARKS[plain])
    degrees = after in "CFK" or (plain != "0" and not after.isalnum())
    if degrees and plain in ("o", "O", "0") and before[-1:].isdigit():
        return "°"
    if NUMBER.fullmatch(plain.replace(" ", "")):
        priced = re.search(r"([^\s\d.,]?)\s?[\d.,]+$", before)
        if priced and priced[1] in CURRENCY and len(plain) == 2:
            return None
        return "".join(SUPER.get(c, c) if c.isdigit() else c for c in text)
    if NOTE.fullmatch(plain):
        return None if ORDINAL.search(before) and plain in ("e", "r", "o") else "".join(SUPER.get(c, c) for c in text)
    if SIGNED.fullmatch(plain) and (any(c.isdigit() for c in plain) or len(plain) == 1):
        return "".join(SUPER.get(c, c) for c in text)
    return None


def _lowered(text: str) -> str | None:
    plain = text.strip()
    single = len(plain) == 1 and plain in SUB
    signed = SIGNED.fullmatch(plain) and all(c in SUB or c in ",." for c in plain) and any(c.isdigit() for c in plain)
    return "".join(SUB.get(c, c) for c in text) if single or signed else None


def _written(glyphs: Sequence[Glyph], run: _Run, text: str | None) -> Edits:
    """The run's characters as ``text``, which has one a character, or is one for all of them."""
    if text is None:
        return {}
    places = list(range(run.start, run.end))
    wanted = list(text) if len(text) == len(places) else [text, *[GONE] * (len(places) - 1)]
    if any(len(part) > 1 for part in wanted):
        return {}
    return {i: part for i, part in zip(places, wanted, strict=True) if part != glyphs[i].text}


def _fraction(glyphs: Sequence[Glyph], runs: Sequence[_Run], i: int) -> Edits:
    """A raised numerator, a slash and a small denominator as one sign."""
    rest = runs[i : i + 3]
    text = "".join(_text(glyphs, run) for run in rest)
    places = [k for run in rest for k in range(run.start, run.end)]
    match = re.fullmatch(rf"(\d{{1,2}})\s*[{SLASHES}]\s*(\d{{1,2}})", text)
    small = len(rest) > 1 and rest[-1].size <= 1.1 * rest[0].size and rest[-1].rise < rest[0].rise
    if not match or not small or any(glyphs[k].blank for k in range(places[0], places[-1])):
        return {}
    sign = FRACTIONS.get(f"{match[1]}/{match[2]}")
    if sign:
        return {places[0]: sign, **dict.fromkeys(places[1:], GONE)}
    above, below = match.start(1) + len(match[1]), match.start(2)
    return {
        k: SUPER[c] if n < above else SUB[c] if n >= below else "\u2044"
        for n, (k, c) in enumerate(zip(places, text, strict=True))
        if c.isdigit() or n == above
    }
