"""Rare units that a question writes out, in its own language, and pages write as signs: "decibelios" and dB.

signs("decibelio")   →   ("db",)
"""

from __future__ import annotations

from functools import lru_cache

from rag.text.analysis import terms
from rag.text.stemming import ALGORITHMS

_NAMES: dict[str, str] = {  # of rare units: that kilograms are spoken of tells no page from others
    "db": "decibel decibels dezibel décibel décibels decibelio decibelios decibeles decibéis decybel decybeli desibel",
    "hz": "hertz hercio hercios herców hertza",
    "ω": "ohm ohms ohmio ohmios omów omy",
    "lx": "lux luxes luxów",
    "kwh": "kilowattstunde kilowattstunden kilowattheure kilowattheures",
}


def signs(term: str) -> tuple[str, ...]:
    """The signs of the unit that a search term names; none of any other word."""
    return tuple(sign for sign, named in _stems().items() if term in named)


@lru_cache(maxsize=1)
def _stems() -> dict[str, frozenset[str]]:
    return {
        sign: frozenset(stem for language in ALGORITHMS for stem in terms(names, language)) - {sign}
        for sign, names in _NAMES.items()
    }
