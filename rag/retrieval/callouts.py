"""Questions for a number or letter in a figure: "what is number 7?", "the part marked 65", "Was ist Teil 12?".

When a document was read, the labels of a figure were linked to the rows that explain them, and stand as lines among its
mentions ("№ 65: Tension lever (→ 19)", :mod:`ingestion.callouts`). A question that names a label proposes the pages of
the figures that show it and of the rows that explain it; the ranker says which of them is meant, and the row and its
figure come first, the row with its own box.

Example: "exploded drawing: what do they call the part marked 65?" finds the row "65 Tension lever" of the parts list on
page 19 and the drawing on page 18.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingestion.callouts.labels import plain_digits, plain_key
from ingestion.callouts.linking import LabelMention, label_mentions
from ingestion.elements import BBox, Chunk
from ingestion.geometry import area, in_one_row, inside, union
from rag.retrieval.snapshot import Snapshot
from rag.storage.full_text.term_vectors import page_key, page_of
from rag.text.analysis import QUESTION_STOP_WORDS, terms
from rag.text.function_words import content_terms_of_language, language_of
from rag.types import Float64Array, Hit

if TYPE_CHECKING:
    from rag.storage.reader import IndexReader

MOST_PAGES = 60  # with a label of that name that are looked through
MOST_KEYS = 4  # labels that one question names, at most
PAGE_BONUS = 4.0  # added to the log probability of a page with the figure or the row
FEW_TERMS = 3  # other terms of a question with which "part 7" still is a label rather than a part of the text
MEANT_SHARE = 0.5  # of what a question says beside a label, that is said of the figure too
ROW_SHARE = 0.6  # of a row's terms that a place must have to be that row

_STRONG = (
    r"call[- ]?outs?|balloons?|mark(?:ed|ing)|labell?ed|tagged|numbered|markiert\w*|gekennzeichnet\w*|bezeichnet\w*|"
    r"beschriftet\w*|rep[eè]res?|rep\.?|marqu[eé]\w*|indiqu[eé]\w*|se[nñ]alad\w+|marcad\w+|contrassegnat\w+|"
    r"indicat\w+|assinalad\w+|gemarkeerd\w*|обозначен\w*"
)
"""What cannot well stand before a number but where it is a label."""
_WEAK = (
    r"numbers?|no\.|nos\.|nr\.?|num\.?|#|№|n[°º]|items?|parts?|components?|letters?|positions?|pos\.?|refs?\.?|"
    r"references?|keys?|legends?|nummern?|ziffern?|buchstaben?|teil\w*|bauteil\w*|num[eé]ros?|pi[eè]ces?|lettres?|"
    r"[eé]l[eé]ments?|n[uú]meros?|piezas?|letras?|posici[oó]n\w*|elementos?|parte|numeri?|letter[ae]|particolar[ei]|"
    r"posizion[ei]|peças?|posiç\w+|nummers?|onderde\w+|detalj\w*|bokstav\w*|bogstav\w*|номер\w*|детал\w*|"
    r"позици\w*|поз\.?|букв\w*"
)
"""What stands before a label, and before parts of a text as well: "Part 7", "Item 7"."""
_WITH = r"with|mit|avec|con|com|met|med"
_JOIN = (
    rf"(?:\s*(?:{_WITH}|as|by|als|par|come|an?|the|die|der|das|le|la|el|is|ist|est|es|è|number|no|nr|letter|#|№)"
    r"(?!\w)\.?)*"
)
_UNITS = r"[x×%°]|mm\b|cm\b|kg\b|v\b|w\b|hz\b|pages?\b|sheets?\b|seiten?\b"
_KEY = r"(?:0{0,2}[1-9]\d{0,2}[a-z]?|(?-i:[A-Z]\d{0,2}))"
_KEYS = (
    rf"\s*[:\"'“„«(\[#№]*\s*(?P<keys>{_KEY}(?:\s*(?:,|/|&|and|or|und|oder|et|ou|y|o|e|en)\s*{_KEY})*)"
    rf"(?![\w'’]|[.,]\d|-\w|\s?(?:{_UNITS}))"
)
_NO_LABEL = "".join(
    rf"(?<!{word} )"
    for word in (
        *("page", "pages", "figure", "fig", "fig.", "table", "step", "chapter", "section", "model", "serial", "error"),
        *("code", "phone", "telephone", "version", "question", "seite", "kapitel", "schritt", "fehler"),
    )
)
_STRONG_LABEL = re.compile(
    rf"(?<!\w)(?:{_STRONG}){_JOIN}{_KEYS}|(?<!\w)(?:{_WITH})\s+(?P<before>{_KEY})\s+(?:{_STRONG})(?!\w)", re.IGNORECASE
)
_WEAK_LABEL = re.compile(rf"{_NO_LABEL}(?<!\w)(?:{_WEAK}){_JOIN}{_KEYS}", re.IGNORECASE)
_UNSPACED_LABEL = re.compile(
    r"(?:番号|部品|記号|符号|编号|編號|序号|序號|部件|零件|标号|標號|번호|부품)\s*[:：]?\s*(?P<keys>\d{1,3}|[A-Z])(?![A-Za-z\d])"
    r"|(?<![\w.])(?P<before>\d{1,3})\s?(?:番|号|號|번)(?![目地])"
)
_LETTER_LABEL = re.compile(
    r"(?<!\w)(?:buttons?|knobs?|levers?|screws?|holes?|lids?|arrows?|hebel|tasten?|kn[oö]pfe?|schrauben?|deckel|pfeile?|"
    r"boutons?|touches?|leviers?|vis|trous?|fl[eè]ches?|bot[oó]n\w*|teclas?|palancas?|tornillos?|flechas?|tast[oi]|"
    r"pulsant[ei]|lev[ae]|vit[ei]|knop(?:pen)?|hendels?|schroe(?:f|ven))\s+\(?(?P<keys>(?-i:[A-Z]))\)?(?![\w'’.-])",
    re.IGNORECASE,
)
"""A part and a letter: "button C". With a number it may well be one of the text's own names: "button 2"."""
_NO_FIGURE = "".join(
    f"(?<!{word} )" for word in ("igure", "ig", "ig.", "ildung", "ild", "igura", "icture", "iagram", "afel", "lan")
)
_BARE_LABEL = re.compile(rf"{_NO_FIGURE}(?<![\w.'’(-])\(?(?P<keys>[B-HJ-Z]|(?<=\s)A)\)?(?![\w.'’-])")
"""A letter alone, not a figure's own: only where nothing else is asked for but what a drawing shows."""
_DRAWING_WORD = re.compile(
    r"(?:zeichnung|abbildung|skizze|schema|schéma|esquema|rysun|drawing|diagram|picture|figure|"
    r"illustration|dessin|disegno|figura|dibujo|desenho|tekening|afbeelding|exploded|(?:bild|foto)(?!\w))",
    re.IGNORECASE,
)
_DRAWN = re.compile(rf"\w*{_DRAWING_WORD.pattern}\w*", re.IGNORECASE)
_ARTICLE_LABEL = re.compile(
    r"(?<!\w)(?:the|die|der|das|il|lo|la|le|el|de|het|o|a)\s+(?P<keys>0{0,2}[1-9]\d{0,2})"
    r"(?=\s*(?:[?,]|$|(?:cos|was|what|qu|wat|ist\b|is\b|è|est\b|es\b|é\b|(?:auf|in|im|on|sur|dans|nel|sul|en|op|na|no)\b)))",
    re.IGNORECASE,
)
"""A number alone behind an article, "the 13?": only where a drawing is spoken of."""
_CIRCLED_LABEL = re.compile(r"[①-⑳Ⓐ-Ⓩ❶-❿➀-➓]")
_NOTHING = frozenset(
    terms(
        " ".join(QUESTION_STOP_WORDS) + " "
        "part parts item number call called name mean stand show figure picture drawing diagram image exploded view "
        "list illustration component letter label mark thing piece legend please tell position reference photo heisst "
        "bild abbildung zeichnung bedeutet bezeichnet appelle quoi dessin cosa figura dibujo llama disegno "
        "marked labelled numbered callout balloon zeigt montre muestra mostra "
        "large small main whole gross grosse grossen kleine kleinen ganze ganzen teil "
        "grande grandes grandi generale piccolo petite petit principal pequeno principale"
    )
)
"""Words that only ask what something in a figure is."""
_DRAWINGS = frozenset(
    terms(
        "figure fig picture drawing diagram image illustration photo sketch abbildung bild zeichnung skizze dessin "
        "figura dibujo disegno imagen imagem immagine desenho tekening afbeelding rysunek schema"
    )
)
LONG_TERM = 4  # characters of a term that says something of its own; shorter ones are articles in many languages


class AskedLabels(NamedTuple):
    """The labels that a question names; ``sure``: it cannot well mean anything but a label. ``rest`` are the terms that
    say something beside."""

    keys: tuple[str, ...]
    sure: bool
    rest: frozenset[str] = frozenset()


class ShownLabel(NamedTuple):
    """A figure that shows a label, the page it stands on, and the line that says what the label stands for."""

    figure: Chunk
    page: int
    mention: LabelMention

    @property
    def row_page(self) -> int:
        """The page of the row that explains the label."""
        return self.mention.page or self.page


class ExplainedRow(NamedTuple):
    """The passage or table that has a label's row, that page's region first; the row's box, where it can be told."""

    chunk: Chunk
    box: BBox | None


def labels_asked(text: str) -> AskedLabels:
    """The labels of figures that a question names, in its order."""
    plain = plain_digits(text)
    sure = [match[0] for match in _CIRCLED_LABEL.finditer(text)]
    sure += [match["keys"] or match["before"] for match in _STRONG_LABEL.finditer(plain)]
    sure += [match["keys"] or match["before"] for match in _UNSPACED_LABEL.finditer(plain)]
    if _DRAWING_WORD.search(plain):
        sure += [match["keys"] for match in _ARTICLE_LABEL.finditer(plain)]
    found = [match["keys"] for match in (*_WEAK_LABEL.finditer(plain), *_LETTER_LABEL.finditer(plain))]
    if not (sure or found) and _DRAWINGS.intersection(terms(plain)):
        bare = _BARE_LABEL.sub(" ", plain)
        if not any(len(term) >= LONG_TERM and term not in _NOTHING for term in terms(bare)):
            sure = [match["keys"] for match in _BARE_LABEL.finditer(plain)]
    parts = [part for named in (*sure, *found) for part in re.findall(_KEY, plain_digits(named), re.IGNORECASE)]
    keys = tuple(dict.fromkeys(map(plain_key, parts)))[:MOST_KEYS]
    left = plain_digits(_CIRCLED_LABEL.sub(" ", text))
    drawn = (_ARTICLE_LABEL, _DRAWN) if _DRAWING_WORD.search(plain) else ()
    for pattern in (_STRONG_LABEL, _UNSPACED_LABEL, _WEAK_LABEL, _LETTER_LABEL, *drawn):
        left = pattern.sub(" ", left)
    spoken = content_terms_of_language(left, language_of(text))
    rest = frozenset(term for term in terms(left) if len(term) >= LONG_TERM and term in spoken and term not in _NOTHING)
    return AskedLabels(keys, bool(sure) or len(rest) <= FEW_TERMS, rest)


def shown_labels(snap: Snapshot) -> list[ShownLabel]:
    """The labels that the query names, in all figures that show them; none where it names none.

    Where the query says more, those of which at least half of it is said; else all in the documents that are asked.
    """
    asked = labels_asked(snap.query.text) if "full text" not in snap.query.without else AskedLabels((), sure=False)
    found = [label for key in asked.keys for label in _figures_with(snap, key)] if asked.sure else []
    said = {label.figure.id: len(asked.rest & _said_of(snap, label.figure)) for label in found}
    meant = [label for label in found if said[label.figure.id] >= MEANT_SHARE * len(asked.rest)]
    return meant or (found if snap.few else [])


def _said_of(snap: Snapshot, figure: Chunk) -> set[str]:
    """The terms of a figure, of what is said of it, and of the names of its document."""
    document = snap.index.catalogue.document(figure.doc)
    return set(terms("\n".join((figure.text, figure.context, document.name.replace("_", " "), document.title))))


def _figures_with(snap: Snapshot, key: str) -> list[ShownLabel]:
    """Every figure that shows a label."""
    keys = snap.text.search([tuple(terms(f"№ {key}"))], MOST_PAGES, snap.where)
    units = snap.text.units(keys)
    wanted = [(page, unit.chunk) for page in keys for unit in units[page] if unit.kind == "figure"]
    chunks = snap.index.catalogue.chunks(chunk for _, chunk in wanted)
    return [
        ShownLabel(chunks[chunk], page_of(page), mention)
        for page, chunk in wanted
        if chunk in chunks
        for mention in label_mentions(chunks[chunk].mentions)
        if mention.key == key
    ]


def explained_row(index: IndexReader, label: ShownLabel) -> ExplainedRow | None:
    """The passage or table that says most of a label's row; None where none has it."""
    key, page, figure = label.mention.key, label.row_page, label.figure
    wanted = set(terms(f"{key} {label.mention.text}"))
    parts = index.catalogue.chunks_of(figure.doc, page, ("text", "table"))
    scored = [(_share_of_row(part.text, wanted, terms(key)), part.kind == "table", i) for i, part in enumerate(parts)]
    share, _, best = max(scored, default=(0.0, False, 0))
    if share < ROW_SHARE:
        return None
    regions = sorted(parts[best].regions, key=lambda region: region.page != page)
    row = replace(parts[best], regions=tuple(regions))
    return ExplainedRow(row, _row_box(index, row, page, key, wanted))


def _share_of_row(text: str, wanted: set[str], key: Sequence[str]) -> float:
    """The largest share of a row's terms in a line with its key."""
    lines = [set(terms(line)) for line in text.split("\n")]
    return max((len(line & wanted) / len(wanted) for line in lines if line.issuperset(key)), default=0.0)


def _row_box(index: IndexReader, row: Chunk, page: int, key: str, wanted: set[str]) -> BBox | None:
    """The box of the row's lines within its passage or table; None where they cannot be told."""
    lines = [(text, box) for text, box in index.files.lines(row.doc, page) if inside(box, row.bbox) > ROW_SHARE]
    starts = [box for text, box in lines if terms(text)[: len(terms(key))] == terms(key)]
    best: tuple[int, BBox] | None = None
    for start in starts:
        beside = [(text, box) for text, box in lines if in_one_row(box, start) and box.x0 >= start.x0 - 1]
        shared = len(wanted.intersection(term for text, _ in beside for term in terms(text)))
        if shared >= ROW_SHARE * len(wanted) and (best is None or shared > best[0]):
            best = shared, union(box for _, box in beside)
    return best[1] if best else None


def pages_of(snap: Snapshot, labels: Sequence[ShownLabel]) -> list[int]:
    """Keys of the pages of figures and rows, within the pages that the query asks for."""
    numbers = {row.doc: row.no for row in snap.text.documents({label.figure.doc for label in labels})}
    keys = [page_key(numbers[label.figure.doc], page) for label in labels for page in (label.row_page, label.page)]
    first, last = snap.query.pages or (1, max(map(page_of, keys), default=1))
    return [key for key in dict.fromkeys(keys) if first <= page_of(key) <= last]


def bonus(keys: Sequence[int], shown: Iterable[int]) -> Float64Array:
    """(pages,) float64: what to add to the log probability of each page of ``keys``; ``shown`` are those of
    :func:`pages_of`."""
    on = set(shown)
    return np.array([PAGE_BONUS if key in on else 0.0 for key in keys])


def put_first(snap: Snapshot, hits: Sequence[Hit], labels: Sequence[ShownLabel], order: Sequence[int]) -> list[Hit]:
    """The row and the figure of each label before all else, where several figures show it those of the best page.

    ``order`` are keys of pages, best first. The other hits keep their order.
    """
    numbers = {row.doc: row.no for row in snap.text.documents({label.figure.doc for label in labels})}
    rank = {key: place for place, key in enumerate(order)}

    def place(label: ShownLabel) -> tuple[int, int, float]:
        keys = (page_key(numbers[label.figure.doc], page) for page in (label.row_page, label.page))
        first, second = sorted(rank.get(key, len(rank)) for key in keys)
        return first, second, area(label.figure.bbox)

    channels = {hit.chunk.id: hit.channels for hit in hits}
    first: dict[str, Hit] = {}
    for _, group in groupby(labels, key=lambda label: label.mention.key):
        best = min(group, key=place)
        row = explained_row(snap.index, best)
        for chunk, box in ((row.chunk, row.box) if row else (None, None), (best.figure, None)):
            if chunk is not None and (snap.query.kinds is None or chunk.kind in snap.query.kinds):
                first.setdefault(chunk.id, Hit(chunk, 1.0, channels.get(chunk.id, {}), box))
    return [*first.values(), *(hit for hit in hits if hit.chunk.id not in first)]
