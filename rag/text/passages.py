"""Plain text taken apart: sentences, words, Markdown tables, token estimates."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import NamedTuple

from rag.text.analysis import terms, without_contractions
from rag.text.stemming import stem


def wordset(text: str) -> frozenset[str]:
    """The words of a line, split at spaces."""
    return frozenset(text.split())


CONTENT_STOP_WORDS = wordset(
    """
    a about above according after all also am among an and answer answers any appear appears are as at be been
    being below between both but by can could decimal describe did do document documents does doing each every
    explain find following for format from further give given had has have having he her here him his how i if
    in into is it its itself list long made make many may me mention mentioned mentions might more most much
    must my name no nor not of off on once only or other our out over own page per please round same say says
    shall she should show shown shows so some such tell than that the their them then there these they this
    those through to too under until up use used using very via was we were what when where which while who
    whom whose why will with within would write written you your
    """
)
"""Words that say nothing of what a sentence is about, verbs of asking among them: left out where texts are compared, in
quotations, citations and checks. Searching leaves out fewer: :data:`rag.text.analysis.QUESTION_STOP_WORDS`."""

_CONTENT_STOP_STEMS = CONTENT_STOP_WORDS | {stem(word) for word in CONTENT_STOP_WORDS}
_ABBREVIATION = re.compile(
    r"(?:\b(?:(?<![\d/°])(?<!\d\s)[A-Za-z]|[Ff]igs?|[Ee]qs?|[Nn]os?|[Pp]ages?|pp?|vs|etc|e\.\s?g|i\.\s?e|[Cc]a|cf|[Aa]pprox|al|[Ss]ecs?|[Cc]h|[Vv]ol|[Rr]ef|"
    r"Dr|Mr|Mrs|Ms|Prof|St|Inc|Ltd|Co|Corp|Jr|Sr|U\.S|[Mm]ax|[Mm]in|[Ii]ncl|[Ee]xcl|[Tt]emp|resp|[Tt]el|Mio|Mrd|Tsd|[Mm]ln|[Mm]ld|"
    r"z\.\s?B|d\.\s?h|u\.\s?a|z\.\s?T|i\.\s?d\.\s?R|o\.\s?[äÄ]|bzw|bspw|[Ee]vtl|[Ss]tk|[Ss]td|ggf|ggfs|inkl|exkl|zzgl|vgl|[Nn]r|[Aa]bb|[Tt]ab|[Kk]ap|"
    r"p\.\s?ex|env|[Rr]éf|[Pp]ág|[Nn]úm|p\.\s?ej|aprox|Uds?|[Pp]ag|ad\s?es|bijv|evt|o\.\s?a|np|tzn|tj|ok|örn|vb|"
    r"[Uu]l|Mah|Sok|Cad|Avda?|Blvd|Rd|Str)\."
    r"|^\d{1,2}\.|(?:^|[:;] )(?:\d{1,2}\.){2,4})$"
)
_STRUCK = re.compile(r"(?<!~)~~(?!~)[^~\n]+~~(?!~)")
_SHORT_WORD = re.compile(r"(?<![^\s(])([^\W\d_]{2,4})\.$")
_SMALL_WORD = re.compile(r"[^\W\d_]{3}")
_LONGEST_ABBREVIATION = 12  # characters with what stands before it
BULLETS = "-–—*•·▪●○■□◆▶►◾◼❖➢✓‣◦❑☐"
"""Signs that a list's items begin with."""

_NUMBER = r"(?:\d{1,2}\.){0,3}\d{1,2}[.)]"  # "3.", "3)", "2.3."
ITEM_MARK = re.compile(rf"^(?:[{re.escape(BULLETS)}]|{_NUMBER})\s+")
"""The bullet or number that an item begins with."""

_BLOCK = re.compile(rf"\n\s*\n|\n(?=\s*(?:[{re.escape(BULLETS)}№]|\d{{1,2}}[.)])\s)")  # "2.3." is part of step 2
_ITEM = re.compile(r"\s(?=[•▪◾◼❖➢✓‣◦❑☐]\s+[^\W_])|(?<=[.!?:;)])\s(?=[▶►●○■□◆]\s+[^\W_])")  # "press ▶ to start"
_BREAK = re.compile(
    r"(?<=[.!?…])([\"'“”’«»)\]*_]*)\s+(?=[\"'“„‘«»(\[*_¿¡]*[^\W_])|(?<=[。！？])(?![」』）”’。！？])|(?<=[。！？][」』）”’])"
)
"""Between two sentences; what closes a quotation or a bracket belongs to the first."""

_SEPARATOR_ROW = re.compile(r"^\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+$")
_UNIT_LENGTH = 10  # characters of a unit
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")


class Table(NamedTuple):
    """A Markdown table: column names (may be empty strings) and rows of cells."""

    header: list[str]
    rows: list[list[str]]

    def readable(self, row: list[str]) -> str:
        """``Column: value; Column: value``; cells without a column name stand alone, empty cells are left out. Without
        any column name the row is a fact: ``Label: value``."""
        if not any(self.header):
            return _fact(row)
        pairs = [(self.header[i] if i < len(self.header) else "", cell) for i, cell in enumerate(row) if cell]
        return "; ".join(f"{name}: {cell}" if name and name != cell else cell for name, cell in pairs)


def _fact(row: list[str]) -> str:
    """``Label: value unit`` of a row in a table without column names; ``Label: value; Label: value`` of several."""
    cells = [cell for cell in row if cell]
    if len(cells) < 2:
        return "".join(cells)
    several = len(cells) % 2 == 0 and not any(map(_has_digit, cells[::2])) and all(map(_has_digit, cells[1::2]))
    if several:
        return "; ".join(f"{_label(name)}: {cell}" for name, cell in zip(cells[::2], cells[1::2], strict=True))
    said = cells[1]
    for before, cell in pairwise(cells[1:]):
        unit = _has_digit(before) and len(cell) <= _UNIT_LENGTH and not _has_digit(cell)
        said += f" {cell}" if unit else f"; {cell}"
    return f"{_label(cells[0])}: {said}"


def _label(cell: str) -> str:
    return cell.rstrip(" :：")


def _has_digit(text: str) -> bool:
    return any(c.isdigit() for c in text)


_AMOUNT = re.compile(r"[+±–−-]?\d")
_CLOSING = tuple("\"'“”’«»)]*_")


def sentences(text: str) -> list[str]:
    """Sentences and list items, in order, white space tidied; the full stop of "Fig." ends nothing, nor does one
    within brackets or behind a short word, or dots to be filled in, that a small letter follows."""
    return [sentence for item in items(text) for sentence in item]


def items(text: str) -> list[list[str]]:
    """The sentences of each paragraph and list item, in order; see :func:`sentences`."""
    found: list[list[str]] = []
    for item in (item for block in _BLOCK.split(text) for item in _ITEM.split(" ".join(block.split()))):
        held: list[str] = []
        pending = ""
        pieces = _BREAK.split(item)
        for piece, closing in zip_longest(pieces[::2], pieces[1::2]):
            open_or_closed = pending.count("(") > pending.count(")") or pending.endswith(("..", "…", *_CLOSING))
            wordless = not any(map(str.isalnum, pending))  # "!" of a warning sign
            spans = pending.endswith(("..", "…")) and _AMOUNT.match(piece)  # "9.5 ... 95 V", "-20 … +50 °C"
            within = wordless or spans or (piece[:1].islower() and (open_or_closed or _is_shortened(pending, piece)))
            said = pending.removesuffix(")")  # "(approx.) 5 mm"
            if not within and not _ABBREVIATION.search(said, max(0, len(said) - _LONGEST_ABBREVIATION)):
                held.append(pending)
                pending = ""
            pending = f"{pending} {piece}{closing or ''}".strip()
        held.append(pending)
        found.append([sentence for sentence in held if sentence])
    return found


def _is_shortened(said: str, following: str) -> bool:
    """Whether the full stop at the end of what is said is that of a short word, no sentence's: "kódem s dek." before
    "ekvivalentem"."""
    word = _SHORT_WORD.search(said)
    return bool(word and word[1].casefold() not in CONTENT_STOP_WORDS and _SMALL_WORD.match(following))


def content_terms(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, as search sees them; without single letters."""
    return list(_content_terms(text))


@lru_cache(maxsize=2048)
def _content_terms(text: str) -> tuple[str, ...]:
    """Remembered: answering a question asks twice and more for the same sentences, names of columns and headings."""
    found = terms(without_contractions(text))
    return tuple(t for t in found if t not in _CONTENT_STOP_STEMS and (len(t) > 1 or t.isdigit() or not t.isascii()))


def tables(text: str) -> list[Table]:
    """The Markdown tables in a text. Without a separator row the first row is still taken as the header."""
    found: list[Table] = []
    block: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.strip().startswith("|"):
            if not _SEPARATOR_ROW.match(line):
                block.append(_cells(line))
        elif block:
            found.append(Table(block[0], block[1:]))
            block = []
    return found


def without_tables(text: str) -> str:
    """The text with its Markdown table lines left out."""
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("|"))


def without_struck(text: str) -> str:
    """The text without what is struck through ("~~10 Nm~~ 14 Nm"): it is shown, but no longer said."""
    return _STRUCK.sub(" ", text)


def without_bars(text: str) -> str:
    """The text, of whose Markdown tables are left the cells that hold something, a row a line."""
    if "|" not in text:
        return text
    kept = []
    for line in text.splitlines():
        if line.strip().startswith("|"):
            line = "" if _SEPARATOR_ROW.match(line) else " ".join(filter(None, _cells(line)))
            if not line:
                continue
        kept.append(line)
    return "\n".join(kept)


def tokens(text: str) -> int:
    """A cautious estimate of a model's tokens: four Latin characters or one wide character a token."""
    wide = len(_WIDE.findall(text))
    return wide + math.ceil((len(text) - wide) / 4)


def cut(text: str, length: int) -> str:
    """At most ``length`` characters, cut between words; ``…`` marks the cut."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` estimated tokens, cut between lines or sentences where possible; ``…`` marks a cut."""
    if tokens(text) <= limit:
        return text
    end, wide = 0, 0
    for piece in re.split(r"(?<=\n)|(?<=[.!?] )", text):
        wide += len(_WIDE.findall(piece))
        if wide + math.ceil((end + len(piece) - wide) / 4) > limit:
            break
        end += len(piece)
    kept = text[:end]
    return (kept or text[: limit * 3]).rstrip() + " …"


def _cells(line: str) -> list[str]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    cells = re.split(r"(?<!\\)\|", inner)
    return [re.sub(r"\s+", " ", re.sub(r"<br\s*/?>|\*\*", " ", c)).replace("\\|", "|").strip() for c in cells]
