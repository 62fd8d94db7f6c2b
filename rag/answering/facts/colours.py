"""Colours named in a text, in the languages of manuals.

    colours("das gelbe Lämpchen")   {"yellow"}

A lamp is told by its colour: what the green one means answers nothing about the red one.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = {
    "red": (
        r"red|rot(?:e[nrsm]?)?|rouges?|roj[oa]s?|ross[oaie]|roo?de?|czerwon\w+|vermelh[oa]s?|kırmızı\w*|červen\w+|"
        r"rött|röda?|rød[te]?|красн\w+|червон\w+|赤い?"
    ),
    "green": (
        r"green|grün(?:e[nrsm]?)?|verte?s?|verdes?|verdi|groene?|zielon\w+|yeşil\w*|zelen\w+|gröna?|grönt|"
        r"grønn?[et]?|зел[её]н\w+|緑|绿"
    ),
    "blue": (
        r"blue|blau(?:e[nrsm]?)?|bleue?s?|azul|azules|azuis|blu|blauwe?|niebiesk\w+|mavi\w*|modr\w+|blå(?:tt)?|"
        r"син\w{2,3}|голуб\w+|青い?|蓝"
    ),
    "yellow": (
        r"yellow|gelb(?:e[nrsm]?)?|jaunes?|amarill[oa]s?|giall[oaie]|geel|gele|żółt\w+|amarel[oa]s?|sarı\w*|"
        r"žlut\w+|gula?|gult|ж[её]лт\w+|жовт\w+|黄色?い?"
    ),
    "orange": (
        r"orange[nrsm]?|amber|naranjas?|ámbar|arancion[ei]|ambra|oranje|pomarańczow\w+|laranjas?|turuncu\w*|"
        r"oranžov\w+|оранжев\w+|помаранчев\w+|橙|オレンジ"
    ),
    "white": (
        r"white|weiß(?:e[nrsm]?)?|weiss(?:e[nrsm]?)?|blanche?s?|blanc|blanc[oa]s?|bianc[oa]|bianch[ei]|witte?|"
        r"biał\w+|branc[oa]s?|beyaz\w*|bíl\w+|vita?|vitt|hvite?|hvide?|бел(?:ый|ая|ое|ые|ого|ым)|біл\w{2,3}|白い?"
    ),
    "black": (
        r"black|schwarz(?:e[nrsm]?)?|noire?s?|negr[oa]s?|ner[oaie]|zwarte?|czarn\w+|pret[oa]s?|siyah\w*|čern\w+|"
        r"svarta?|sorte?|ч[её]рн\w+|чорн\w+|黒い?|黑"
    ),
}
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_NAMED = {
    colour: re.compile(
        "|".join(
            part if _UNSPACED.search(part) else rf"(?<!\w){part}(?!\w)" for part in re.split(r"\|(?![^(]*\))", words)
        ),
        re.IGNORECASE,
    )
    for colour, words in _WORDS.items()
}


@lru_cache(maxsize=2048)
def colours(text: str) -> frozenset[str]:
    """The colours that a text names, in English."""
    return frozenset(colour for colour, named in _NAMED.items() if named.search(text))
