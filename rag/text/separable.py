"""German verbs whose prefix is parted from them: "zurückzusetzen", "zurückgesetzt" are forms of "zurücksetzen".

Manuals tell what to do in the infinitive ("ist auszuschalten") and what is done in the participle ("ausgeschaltet"),
and stemmers leave "zu" and "ge" inside a word alone. Told by their letters, so that participles of strong verbs
("ausgezogen") and some nouns stay as they are; no English word has this form.
"""

from __future__ import annotations

import re

_PREFIX = (
    "zur(?:ü|u)ck|zusammen|zwischen|wieder|weiter|heraus|heran|herunter|herab|herein|hinaus|hinein|hinzu|voraus|"
    "vorbei|(?:ü|u)ber|unter|durch|fest|fern|frei|gleich|nach|statt|teil|aus|auf|bei|ein|her|hin|los|mit|vor|weg|an|ab|"
    "um"
)
_WITH_ZU = re.compile(rf"({_PREFIX})zu([^\W\d_]{{3,}}[ner]n)")
_WITH_GE = re.compile(rf"({_PREFIX})ge([^\W\d_]{{3,}}?)e?t(?:e[mnrs]?)?")
_NO_PARTICIPLE = re.compile(r"(?:hei|kei|schaf)t(?:en)?$")


def whole(word: str) -> str:
    """The infinitive of a small word that is an infinitive with "zu" or a weak participle, else the word itself.

    >>> whole("auszuschalten"), whole("eingestellten"), whole("abgekühlt")
    ('ausschalten', 'einstellen', 'abkühlen')
    """
    match = _WITH_ZU.fullmatch(word)
    if match:
        return match[1] + match[2]
    match = None if _NO_PARTICIPLE.search(word) else _WITH_GE.fullmatch(word)
    return f"{match[1]}{match[2]}en" if match else word
