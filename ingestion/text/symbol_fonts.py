"""Fonts of signs: what the codes of Symbol, ZapfDingbats, Wingdings and Webdings stand for.

These fonts have an encoding of their own: the code of "W" draws an ohm sign in Symbol and a tick is an "ü" in
Wingdings. Files say the code, or the code in the private use area (U+F0FC), where Unicode is asked for. The tables are
Adobe's encodings of Symbol and ZapfDingbats and the mapping of Wingdings and Webdings to the characters that Unicode 7
took over from them; of signs with the same meaning the common one is taken (✔ for every tick), which other fonts have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

FIRST_CODE = 0x21  # of each table
PRIVATE = range(0xF020, 0xF100)  # where Windows puts the codes of symbolic fonts
LATIN = 0x100  # below: what may be a code or a character

_TABLES = {
    "symbol": (
        "!∀#∃%&∍()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~ "
        "                                €ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒"
        "⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
    ),
    "zapfdingbats": (
        "✁✂✃✄☎✆✇✈✉☛☞✌✍✎✏✐✑✒✔✔✕✖✘✘✙✚✛✜✝✞✟✠✡✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❐❑❒▲▼◆❖◗❘❙❚❛❜❝❞ "
        "❨❩❪❫❬❭❮❯❰❱❲❳❴❵                   ❡❢❣❤❥❦❧♣♦♥♠①②③④⑤⑥⑦⑧⑨⑩❶❷❸❹❺❻❼❽❾❿➀➁➂➃➄➅➆➇➈➉➊➋➌➍➎➏➐➑➒➓➔→↔↕➘➙➚➛➜➝➞"
        "➟➠➡➢➣➤➥➦➧➨➩➪➫➬➭➮➯ ➱➲➳➴➵➶➷➸➹➺➻➼➽➾"
    ),
    "wingdings": (
        "🖉✂✁👓🕭🕮🕯🕿✆🖂🖃📪📫📬📭🗀🗁🗎🗏🗐🗄⌛🖮🖰🖲🖳🖴🖫🖬✇✍🖎✌🖏👍👎☜☞☝☟🖐☺😐☹💣🕱🏳🏱✈☼🌢❄🕆✞🕈✠✡☪☯🕉☸♈♉♊♋♌♍♎♏♐♑♒♓🙰🙵●❍■☐☐❑❒🞟⧫◆❖⬩☒⮹⌘🏵🏶🙶🙷▯"
        "🄋➀➁➂➃➄➅➆➇➈➉🄌➊➋➌➍➎➏➐➑➒➓🙢🙠🙡🙣🙞🙜🙝🙟∙•⬝⭘🞆🞈🞊🞋🔿▪☐🟁🟅★🟋🟏🟓🟑⯐⌖⯎⯏⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛⮰⮱⮲⮳⮴⮵⮶⮷🙪🙫🙕🙔🙗🙖🙐🙑🙒🙓⌫⌦⮘➢⮙⮛⮈⮊⮉⮋"
        "←→↑↓↖↗↙↘←➔↑↓🡼🡽🡿🡾⇦⇨⇧⇩⬄⇳⬁⬀⬃⬂🢬🢭✘✔☒☑"
    ),
    "wingdings2": (
        "🖊🖋🖌🖍✄✀🕾🕽🗅🗆🗇🗈🗉🗊🗋🗌🗍📋🗑🗔🖵🖶🖷🖸🖭🖯🖱🖒🖓🖘🖙🖚🖛👈👉🖜🖝🖞🖟🖠🖡👆👇🖢🖣🖑✘✔☒☑☒☒⮾⮿🛇⦸🙱🙴🙲🙳‽🙹🙺🙻🙦🙤🙥🙧🙚🙘🙙🙛⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿ "
        "☉🌕☽☾⸿✝🕇🕜🕝🕞🕟🕠🕡🕢🕣🕤🕥🕦🕧🙨🙩⋅🞄⦁●○🞅🞇🞉⊙⦿🞌🞍◾■☐🞑🞒🞓🞔▣🞕🞖🞗🞘⬩⬥◇🞚◈🞛🞜🞝🞞⬪⬧◊🞠◖◗⯊⯋⯀⯁⬟⯂⬣⬢⯃⯄🞡🞢🞣🞤🞥🞦🞧🞨🞩🞪🞫🞬🞭🞮🞯🞰🞱🞲🞳🞴🞵🞶🞷🞸🞹"
        "🞺🞻🞼🞽🞾🞿🟀🟂🟄🟆🟉🟊✶🟌🟎🟐🟒✹🟃🟇✯🟍🟔⯌⯍※⁂"
    ),
    "wingdings3": (
        "←→↑↓↖↗↙↘⭰⭲⭱⭳⭶⭸⭻⭽⭤⭥⭪⭬⭫⭭⭍⮠⮡⮢⮣⮤⮥⮦⮧⮐⮑⮒⮓⮀⮃⭾⭿⮄⮆⮅⮇⮏⮍⮎⮌⭮⭯⎋⌤⌃⌥␣⍽⇪⮸🢠🢡🢢🢣🢤🢥🢦🢧🢨🢩🢪🢫🡐🡒🡑🡓🡔🡕🡗🡖🡘🡙▲▼△▽◀▶◁▷◣◢◤◥◀▶▲ "
        "🞃⯅⯆⯇⯈⮜⮞⮝⮟🠐🠒🠑🠓🠔🠖🠕🠗🠘🠚🠙🠛🠜🠞🠝🠟🠀🠂🠁🠃🠄🠆🠅🠇🠈🠊🠉🠋🠠🠢🠤🠦🠨🠪🠬🢜🢝🢞🢟🠮🠰🠲🠴🠶🠸🠺🠹🠻🢘🢚🢙🢛🠼🠾🠽🠿🡀🡂🡁🡃🡄🡆🡅🡇⮨⮩⮪⮫⮬⮭⮮⮯🡠🡢🡡🡣🡤🡥🡧🡦🡰🡲🡱🡳🡴🡵"
        "🡷🡶🢀🢂🢁🢃🢄🢅🢇🢆🢐🢒🢑🢓🢔🢖🢕🢗"
    ),
    "webdings": (
        "🕷🕸🕲🕶🏆🎖🖇🗨🗩🗰🗱🌶🎗🙾🙼🗕🗖🗗◀▶▲▼⏪⏩⏮⏭⏸⏹⏺🗚🗳🛠🏗🏘🏙🏚🏜🏭🏛🏠🏖🏝🛣🔍🏔👁👂🏞🏕🛤🏟🛳🕬🕫🕨🔈🎔🎕🗬🙽🗭🗪🗫⮔✔🚲☐🛡📦🛱■🚑🛈🛩🛰🟈🕴●🛥🚔"
        "🗘✘❓🛲🚇🚍⛳⦸⊖🚭🗮⏐🗯🗲 🚹🚺🛉🛊🚼👽🏋⛷🏂🏌🏊🏄🏍🏎🚘🗠🛢💰🏷💳👪🗡🗢🗣✯🖄🖅🖃🖆🖹🖺🖻🕵🕰🖽🖾📋🗒🗓🕮📚🗞🗟🗃🗂🖼🎭🎜🎘🎙🎧💿🎞📷🎟🎬📽📹📾📻🎚🎛📺💻🖥"
        "🖦🖧🕹🎮🕻🕼📟🖁🖀🖨🖩🖿🖪🗜🔒🔓🗝📥📤🕳🌣🌤🌥🌦☁🌨🌧🌩🌪🌬🌫🌜🌡🛋🛏🍽🍸🛎🛍Ⓟ♿🛆🖈🎓🗤🗥🗦🗧🛪🐿🐦🐟🐕🐈🙬🙮🙭🙯🗺🌍🌏🌎🕊"
    ),
}

_GLYPHS_OF_DINGBATS = """
    a1 a2 a202 a3 a4 a5 a119 a118 a117 a11 a12 a13 a14 a15 a16 a105 a17 a18 a19 a20 a21 a22 a23 a24 a25 a26 a27
    a28 a6 a7 a8 a9 a10 a29 a30 a31 a32 a33 a34 a35 a36 a37 a38 a39 a40 a41 a42 a43 a44 a45 a46 a47 a48 a49 a50
    a51 a52 a53 a54 a55 a56 a57 a58 a59 a60 a61 a62 a63 a64 a65 a66 a67 a68 a69 a70 a71 a72 a73 a74 a203 a75 a204
    a76 a77 a78 a79 a81 a82 a83 a84 a97 a98 a99 a100 - a89 a90 a93 a94 a91 a92 a205 a85 a206 a86 a87 a88 a95 a96 -
    - - - - - - - - - - - - - - - - - - a101 a102 a103 a104 a106 a107 a108 a112 a111 a110 a109 a120 a121 a122 a123
    a124 a125 a126 a127 a128 a129 a130 a131 a132 a133 a134 a135 a136 a137 a138 a139 a140 a141 a142 a143 a144 a145
    a146 a147 a148 a149 a150 a151 a152 a153 a154 a155 a156 a157 a158 a159 a160 a161 a163 a164 a196 a165 a192 a166
    a167 a168 a169 a170 a171 a172 a173 a162 a174 a175 a176 a177 a178 a179 a193 a180 a199 a181 a200 a182 - a201
    a183 a184 a197 a185 a194 a198 a186 a195 a187 a188 a189 a190 a191 -
"""
_NAMES = {
    "symbol": re.compile(r"symbol(mt|ps|std|set|tiger|bt)?|standardsyml|standardsymbolsps|euclidsymbol"),
    "zapfdingbats": re.compile(r"(itc)?zapfdingbats(itc|std|bt|mt)?|zadb|dingbats|d050000l"),
    "wingdings": re.compile(r"wingdings1?"),
    "wingdings2": re.compile(r"wingdings2"),
    "wingdings3": re.compile(r"wingdings3"),
    "webdings": re.compile(r"webdings"),
}
_SUBSET = re.compile(r"^(?:[A-Z]{6}\+)+")
_STYLE = re.compile(r"(?:regular|normal|roman|medium|bold|italic|oblique|identityh)+$")
_ICONS = re.compile(r"awesome|icon|material|emoji|fontello|glyphs", re.IGNORECASE)
_BULLETS = dict(zip("lnoqvu\x9f§¨Øßàèðûüýþ", "●■☐❑❖◆•▪☐➢←→➔⇨✘✔☒☑", strict=True))


def without_subset(font: str) -> str:
    """A font's name without the six letters that tell its subset from others."""
    return _SUBSET.sub("", font)


def table_of(font: str) -> Mapping[int, str] | None:
    """The signs of a font by code; None for a font whose codes are letters or that has a Unicode encoding."""
    plain = re.sub(r"[^a-z0-9]", "", without_subset(font).lower())
    plain = _STYLE.sub("", plain)
    return next((_table(name) for name, pattern in _NAMES.items() if pattern.fullmatch(plain)), None)


def from_private_use(char: str, font: str) -> str:
    """A character of the private use area as the sign it stands for, or as it is where nothing tells.

    Where the name of the font says nothing: a bullet, tick or arrow of Wingdings, else the sign of Symbol.
    """
    if len(char) != 1 or ord(char) not in PRIVATE or _ICONS.search(font):
        return char
    return (table_of(font) or _guesses()).get(ord(char) & 0xFF, char)


def by_code(table: Mapping[int, str], named: Mapping[int, str]) -> dict[int, str]:
    """What each code of a font of one byte a code stands for; ``named``: what its encoding says in Unicode, if it does.

    A name is believed where the font has such a sign: "Omega" is one of Symbol's, "W" is none.
    """
    signs = set(table.values())
    return {**table, **{code: plain for code, text in named.items() if (plain := _plain(text)) in signs}}


def mended(table: Mapping[int, str], said: Mapping[bytes, str]) -> dict[bytes, str]:
    """A font's map from codes to Unicode with raw codes replaced by signs, true Unicode values kept.

    A map that names one sign beyond Latin-1 is a true one: its "×" is no code. In another one a letter that the font
    has no sign for is a code, and so is a character that stands at its own code.
    """
    signs = set(table.values())
    true = any(len(text) == 1 and ord(text) >= LATIN and ord(text) not in PRIVATE for text in said.values())
    result = dict(said)
    for code, text in said.items():
        if len(text) != 1:
            continue
        raw = code == bytes([ord(text)]) if ord(text) < LATIN else False
        if ord(text) in PRIVATE or (ord(text) < LATIN and (_plain(text) not in signs or (raw and not true))):
            result[code] = table.get(ord(text) & 0xFF, text)
    return result


def _plain(text: str) -> str:
    """A sign that Unicode has twice as the tables have it: Greek letters, not "ohm sign" and "increment"."""
    return unicodedata.normalize("NFKC", text).replace("\u2206", "Δ") if len(text) == 1 else text


@cache
def _table(name: str) -> Mapping[int, str]:
    return MappingProxyType({FIRST_CODE + i: sign for i, sign in enumerate(_TABLES[name]) if sign != " "})


@cache
def _guesses() -> Mapping[int, str]:
    return MappingProxyType({**_table("symbol"), **{ord(code): sign for code, sign in _BULLETS.items()}})


@cache
def dingbat_names() -> Mapping[str, str]:
    """The signs of ZapfDingbats by the names of their glyphs, "a1" to "a206"."""
    table = _table("zapfdingbats")
    return {name: table[FIRST_CODE + i] for i, name in enumerate(_GLYPHS_OF_DINGBATS.split()) if name != "-"}
