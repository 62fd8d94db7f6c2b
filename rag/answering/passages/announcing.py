"""What a sentence says comes next: "as in the figure below", "siehe folgende Tabelle", "The codes are the following:".

    announced("Keep the clearances of the figure below.")   Announced("figure", "figure below")

It has no number, so that place alone says what is meant (:mod:`rag.answering.evidence.referred`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from ingestion.text.caption_labels import WORDS as LABEL_WORDS
from rag.text.passages import wordset

_FIGURE = (
    rf"{LABEL_WORDS['figure']}|{LABEL_WORDS['chart']}|{LABEL_WORDS['picture']}|{LABEL_WORDS['scheme']}|"
    r"illustrations?|drawings?|zeichnung(?:en)?|skizzen?|dessins?|figur[ae]s?|imáge(?:n|nes)|imagen|ilustraci(?:ón|ones)|"
    r"dibujos?|esquemas?|illustrazion[ei]|immagin[ei]|disegn[oi]|tekening(?:en)?|plaatje|figuur|rysun\w+|ilustracj\w+|"
    r"schemaci\w+|ilustraç(?:ão|ões)|imagem|desenhos?|şekil\w*|şekl\w+|resim\w*|resm\w+|obráz\w+|obrázk\w+|рисунк\w+"
)
_TABLE = rf"{LABEL_WORDS['table']}|tabelle[nr]?|tabel(?:i|ę|ach|ami|len)|tablo\w*|tabulc\w+|таблиц\w*"
_NEXT = (
    r"following|below|next|folgende[nrms]?|nachfolgende[nrms]?|nachstehende[nrms]?|(?:dar)?unten(?:stehende[nrms]?)?|"
    r"nebenstehende[nrms]?|suivante?s?|ci-(?:dessous|après|contre)|siguientes?|abajo|(?:más )?adelante|seguent[ei]|"
    r"sotto|(?:qui )?accanto|sottostant[ei]|volgende|onderstaande|hieronder|hiernaast|następn\w+|następując\w+|"
    r"poniższ\w+|poniżej|obok|seguintes?|abaixo|aşağıda\w*|následující\w*|níže|nedan(?:stående)?|nedenfor|følgende|följande|"
    r"следующ\w+|ниже|наступн\w+|нижче"
)
_BETWEEN = r"(?:\s+[^\W\d]+){0,2}\s+"
_NAMED = re.compile(
    rf"(?<!\w)(?:(?:{_NEXT}){_BETWEEN}(?:(?P<figure>{_FIGURE})|(?P<table>{_TABLE}))|"
    rf"(?:(?P<figure_first>{_FIGURE})|(?P<table_first>{_TABLE})){_BETWEEN}?(?:{_NEXT}))(?!\w)"
    r"|[下次右][のに]?(?:(?P<figure_sign>[図图圖])|(?P<table_sign>表))",
    re.IGNORECASE,
)
_BEGINNINGS = wordset(
    "foll belo next folg nach unte daru nebe suiv dess aprè cont sigu abaj adel segu sott acca volg onde hier nast "
    "poni obok abai aşağ şeki násl níže neda nede følg följ след ниже наст нижч"
)
_SIGNS = re.compile(r"[下次右如以]")
_WORD = re.compile(r"\w{4,}")

_COMES = re.compile(
    r"(?<!\w)(?:the following|as follows|(?:shown|listed|described|given|illustrated|explained|see) below|"
    r"folgende[nrms]?|nach(?:folg|steh)end\w*|wie folgt|ci-(?:dessous|après)|suivante?s?|siguientes?|a continuación|"
    r"seguent[ei]|(?:che|come) segue|di seguito|volgende|hieronder|als volgt|następując\w+|poniż\w+|seguintes?|"
    r"a seguir|abaixo|aşağıda\w*|şu şekilde|následující\w*|následovně|níže|følgende|nedenfor|följande|nedan|"
    r"следующ\w+|ниже|наступн\w+|нижче)(?!\w)|如下|下列|以下|次の(?:とおり|通り)|下記",
    re.IGNORECASE,
)


class Announced(NamedTuple):
    """``what`` it is called; empty where the sentence only says that something follows. ``written`` are the words of
    the sentence that say so."""

    what: Literal["figure", "table", ""]
    written: str


@lru_cache(maxsize=2048)
def announced(sentence: str) -> Announced | None:
    """What a sentence says comes next; None where it says nothing of the kind.

    A figure or table is named anywhere in it; what is not named has to be introduced, by a colon at its end, by words
    such as "the following".
    """
    if not _may_announce(sentence):
        return None
    named = _NAMED.search(sentence)
    if named:
        table = named["table"] or named["table_first"] or named["table_sign"]
        return Announced("table" if table else "figure", named[0])
    if sentence.rstrip().endswith((":", "：")):
        return Announced("", sentence)
    return Announced("", comes[0]) if (comes := _COMES.search(sentence)) else None


def _may_announce(sentence: str) -> bool:
    """Whether a sentence has the beginning of a word that announces something, or ends with a colon: that tells most
    sentences a good deal faster than the expressions."""
    if sentence.rstrip().endswith((":", "：")) or _SIGNS.search(sentence):
        return True
    return not _BEGINNINGS.isdisjoint(word[:4] for word in _WORD.findall(sentence.lower()))
