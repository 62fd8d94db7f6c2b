"""How captions are numbered: "Figure 3", "Fig. 3-8", "Table IV:", "Abb. 2", "図 3"; notes and sub-labels beside them.

    caption_label("Fig. 3-8: Pump")       CaptionLabel(series="figure", number="3-8")

Words of the larger European and Asian languages; a series ("chart", "map") counts on its own, so "Chart 2" is not
"Figure 2".
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

WORDS = {
    "figure": (
        r"figur(?:e|a|as|es|er|en|y)|fig(?:s|ur|uur|uren)?|figg|abbildung(?:en)?|abb|afbeelding(?:en)?|afb|"
        r"kuva|kuvio|rysun(?:ek|ki)|rys|rycina|ryc|obráz(?:ek|ok|ky)|obr|ábra|slika|joonis|şekil|hình|gambar|"
        r"рисун(?:ок|ки)|рис|фиг(?:ура)?|σχήμα(?:τα)?|σχ|εικόνα|εικ|图|圖|図|그림|ภาพที่|รูปที่|"
        r"(?:ال)?شكل|شکل|איור|תרשים|ציור|चित्र|आकृति"
    ),
    "table": (
        r"tabl(?:es?|eaux?|o|as?|ica)|tab(?:s|l)?|tabell(?:en?|a|e|er)?|tabel(?:a|as|le|ler|li|ul|y)?|tabul(?:ka|ky)|"
        r"tabuľka|cuadro|quadro|taulukko|taula|çizelge|táblázat|preglednica|bảng|jadual|"
        r"таблиц[аиы]|таблиця|табл?|πίνακ(?:ας|ες)|πιν|表格?|표|ตารางที่|(?:ال)?جدول|טבלה|तालिका|सारणी"
    ),
    "chart": (
        r"charts?|graphs?|diagrams?|diagramm(?:e|a)?|grafik(?:en)?|schaubild|gr[aá]fic[oa]s?|graphique|diagramme|"
        r"grafiek|wykres|graf|biểu đồ|график|диаграмма|γράφημα|διάγραμμα|图表|チャート|グラフ|차트|نمودار"
    ),
    "exhibit": r"exhibits?",
    "picture": r"photo(?:graph)?s?|pictures?|images?|illustrations?|bild(?:er)?|fotos?|fot|imagens?|immagine|写真|사진",
    "map": r"maps?|karte|carte|mapa|mappa|kaart|karta|harita|карта|地図|地图",
    "plate": r"plates?|tafel|planche|tav(?:ola)?|lámina",
    "box": r"box(?:es)?|kasten|encadré|recuadro|riquadro",
    "scheme": r"schem[ea]s?|schémas?|schemat|схема",
    "algorithm": r"algorithms?|algorithme|algorithmus|algoritmo|алгоритм",
    "listing": r"listings?",
}
ANY_FAMILY = ("exhibit", "box", "algorithm", "listing")  # these stand over figures and tables alike
EVERYDAY = ("exhibit", "picture", "map", "plate", "box", "scheme", "chart")  # also words of everyday prose
NUMBER_FIRST = r"ábra|táblázat|pav|lentelė|attēls|tabula"  # "3. ábra": Hungarian and Baltic labels
WORD = "|".join(f"(?P<{series}>{words})" for series, words in WORDS.items())
_DIGITS = r"(?:[A-Z]{1,2}[-.]?)?\d+(?:[-.‐-–]\d+){0,3}(?:[A-Za-z](?![A-Za-z]))?"
NUMBER = rf"(?:{_DIGITS}|[IVXLC]+(?![\w'’])|[A-Z](?![\w'’])|[一二三四五六七八九十]+)"
PART = r"(?:\s?\([a-z0-9]{1,3}\))"  # the "(b)" of "Figure 3(b)"
AND = r"(?:&|and|und|et|y|e|og|och|en|i|и|και|和|及|と|및|و)"
TO = r"(?:[-‐-–—~]|to|through|bis|à|al?|до|至)"
_LABEL = re.compile(
    rf"^[\s*•■▪►▶]*+(?P<open>[\[(<〈《【（「])?\s*+第?\s*+(?i:{WORD})\s?\.?\s*(?:(?i:no|nr|n°|nº|№|#)\.?\s*)?"
    rf"(?P<number>{NUMBER}){PART}?(?:\s*(?:{AND}|{TO}|,)\s*(?P<last>{NUMBER}){PART}?(?=\s*(?:[:|–—]|\.(?!\d)|$)))?"
)
_FIRST = re.compile(rf"^\s*+第?\s*+(?P<number>\d+(?:\.\d+)?)\.?\s*(?:(?i:{NUMBER_FIRST})\b|(?P<cjk>[図表图圖]))")
_DELIMITER = re.compile(r"^\s*[:.|–—\-：。．・﹕/]+\s*")
_BRACKETED = re.compile(r"^\s*(?:\([^()]{0,80}\)|\[[^\[\]]{0,80}\]|（[^（）]{0,80}）)\s*")
MAX_SUBLABEL_CHARS = 90  # of a sub-label such as "(a) Front view"
MAX_NOTE_CHARS = 700  # of a note below a table or figure
_NOTE = re.compile(
    r"^\W{0,2}(?:(?:data )?sources?|(?:exhibit|table|figure|chart) reads|how to read|lesehilfe|legend|key|"
    r"notes?|credits?|photo(?:graph)?s?|quellen?|anmerkung(?:en)?|hinweis|foto|fuentes?|"
    r"notas?|fontes?|fonti?|remarques?|bron(?:nen)?|noot|källa|anm|kilder?|źródło|uwag[ai]|zdroj|kaynak|источник|"
    r"примечани[ея]|πηγή|(?:资料)?来源|注|出典|出所|資料|출처|자료|주|المصدر|מקור|स्रोत)\s*[:：]"
    r"|^notes?\.\s|^\W{0,2}(?:©|\(c\)\s|courtesy of|adapted from|photo(?:graph)?s? (?:by|credit))",
    re.IGNORECASE,
)
_SUBLABEL = re.compile(r"^\s*(?:\([a-zA-Z0-9]{1,3}\)|[a-h]\)|[a-h][.:]\s|\([a-z]\s*[-–,]\s*[a-z]\))")
_CLOSING = re.compile(r"^\s*[\])>〉》】）」]")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:·\s?){4,}|(?:_\s?){5,}")
_CONTINUED = re.compile(
    r"\b(?:cont(?:inued|inuation|'d|’d|d)?\b|forts(?:etzung|\.)|suite\b|continuaci[oó]n|continuação|segue\b|vervolg|"
    r"forts(?:ättning|ættelse|att)|cd\.|продолжение|續|续表|続き|계속)",
    re.IGNORECASE,
)
_PROSE = re.compile(  # a lower-case word that makes a sentence of what follows a label
    r"(?:and|or|of|in|on|at|to|for|from|by|with|as|is|are|was|were|be|has|have|had|can|may|will|would|should|that|which|"
    r"where|when|below|above|also|then|shows?|showed|shown|illustrates?|lists?|presents?|depicts?|describes?|"
    r"summari[sz]es?|gives|displays|reports|provides|contains|compares|demonstrates|plots|outlines|indicates|reveals|"
    r"details|highlights|includes|explains|defines|identifies|suggests|sets|"
    r"und|zeigt|zeigen|stellt|gibt|enthält|veranschaulicht|fasst|ist|sind|et|montre|présente|illustre|donne|résume|est|"
    r"y|muestra|presenta|ilustra|es|e|mostra|apresenta|illustra|riporta|è|toont|geeft|laat|och|visar|og|viser|"
    r"przedstawia|pokazuje|ukazuje|gösterir|показывает|показаны|представлены|приведены)\b"
)
_PARTICLE = re.compile(  # the same right behind a number, in scripts without capitals
    r"^\s*(?:[はがをにのでもとよへ]|から|은|는|이|가|을|를|의|에|와|과|로|显示|顯示|展示|给出|所示|为|是|中)"
)


class CaptionLabel(NamedTuple):
    """What a caption starts with: ``series`` names how it counts ("figure", "table", "chart" …), ``number`` is as
    printed, upper case, in ASCII digits."""

    series: str
    number: str

    @property
    def family(self) -> str:
        """The kind of thing it stands by: figure, table, or any."""
        return "any" if self.series in ANY_FAMILY else ("table" if self.series == "table" else "figure")


class _Opening(NamedTuple):
    label: CaptionLabel
    last: str
    rest: str
    word: str


def caption_label(text: str, classed: bool = False) -> CaptionLabel | None:
    """The label a caption opens with ("Fig. 3-8: …" → figure 3-8), or None for other text.

    Sentences ("Figure 3 shows …") and entries of a list of figures are other text. ``classed``: the layout model
    called the text a caption, so that an undecided form ("Figure 3 pump assembly") is one.
    """
    opening = _opening(text)
    if opening is None or is_listing_entry(text) or not _opens_caption(opening, classed):
        return None
    return opening.label


def caption_labels(text: str, classed: bool = False) -> tuple[CaptionLabel, ...]:
    """All labels of a caption: "Figures 3 and 4: …" stands for two."""
    label, opening = caption_label(text, classed), _opening(text)
    if label is None or opening is None:
        return ()
    return (label, CaptionLabel(label.series, opening.last)) if opening.last else (label,)


def without_label(caption: str) -> str:
    """What a caption says beside its label: "Fig. 3-8: Drain pump" → "Drain pump"."""
    opening = _opening(caption) if caption_label(caption, classed=True) else None
    return _DELIMITER.sub("", opening.rest, count=1).strip() if opening else caption.strip()


def is_prose_about_label(text: str) -> bool:
    """Whether text opens with a label but goes on as a sentence: "Table 4-1 lists the functions"."""
    return _opening(text) is not None and caption_label(text, classed=True) is None


def is_bare_label(text: str) -> bool:
    """Whether text is a label and nothing else: "TABLE IV", "Fig. 3."."""
    opening = _opening(text)
    return opening is not None and not opening.rest.strip(" .:–—-：．。")


def is_listing_entry(text: str) -> bool:
    """Whether dot leaders run through the text, as in a list of figures."""
    return _LEADERS.search(text) is not None


def is_continued(caption: str) -> bool:
    """Whether a caption says that its figure or table began earlier: "Table 2 (continued)"."""
    return _CONTINUED.search(caption[:120]) is not None


def is_note(text: str) -> bool:
    """A source, note or credit line: "Source: survey of 2018"."""
    return len(text) <= MAX_NOTE_CHARS and _NOTE.match(text) is not None


def is_sublabel(text: str) -> bool:
    """The label of a part of a figure: "(a)", "(b) front view"."""
    return len(text) <= MAX_SUBLABEL_CHARS and _SUBLABEL.match(text) is not None


def plain_number(number: str) -> str:
    """A label's number in one spelling: "3–8" → "3-8", "３" → "3", "٣" → "3"; upper case."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in unicodedata.normalize("NFKC", number))
    return re.sub(r"[‐-―]", "-", digits).upper().strip(".-")


def _opening(text: str) -> _Opening | None:
    match = _LABEL.match(text) or None
    if match is None:
        first = _FIRST.match(text)
        if first is None:
            return None
        series = "table" if first[0].rstrip().lower().endswith(("táblázat", "lentelė", "tabula", "表")) else "figure"
        return _Opening(CaptionLabel(series, plain_number(first["number"])), "", text[first.end() :], first[0])
    series = match.lastgroup if match.lastgroup in WORDS else next(s for s in WORDS if match[s])
    rest = text[match.end() :]
    if match["open"]:
        rest = _CLOSING.sub("", rest, count=1)
        if rest[:1] in (".", ",", ";"):  # the end of a sentence: "… it rose (Table 1). As"
            return None
    last = plain_number(match["last"]) if match["last"] else ""
    return _Opening(CaptionLabel(series, plain_number(match["number"])), last, rest, match[series])


def _opens_caption(opening: _Opening, classed: bool) -> bool:
    """Whether what follows a label is a title rather than the rest of a sentence."""
    rest = opening.rest
    if not rest.strip():
        return True
    capital = not opening.word[:1].islower()
    delimiter = _DELIMITER.match(rest)
    if delimiter and not (rest[0] == "-" and rest[1:2].islower()):
        strong = capital or classed or ":" in delimiter[0]
        return strong or len(rest) < 2
    if rest[0] in ",;!?)%’'" or rest[0].isalnum():
        return _without_case(rest) and not _PARTICLE.match(rest)
    while (bracketed := _BRACKETED.match(rest)) is not None:
        rest = rest[bracketed.end() :]
    first = rest.strip()[:1]
    if not first or _DELIMITER.match(rest):
        return capital or classed
    if _without_case(rest):
        return not _PARTICLE.match(rest)
    if _PROSE.match(rest.strip()):
        return False
    digits = any(c.isdigit() for c in opening.label.number)
    if opening.label.series in EVERYDAY or not digits:
        return classed and not first.islower() if not digits else classed or (capital and first.isupper())
    return classed or (capital and (not first.islower()))


def _without_case(text: str) -> bool:
    """Whether text starts in a script that has no capitals."""
    first = text.strip()[:1]
    return first.isalpha() and first.lower() == first.upper()
