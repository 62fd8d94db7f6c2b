"""Run as a program: all that reads texts of models, people and documents, on long texts made to be slow to read.

Prints each case's name before it and "read" at the end. The test gives it so much processor time that a reader that
looks at each character a few times needs a fiftieth of it, and one that goes back over what it has read a multiple.
"""

from __future__ import annotations

from collections.abc import Callable

from made_evidence import manual

from ingestion.tables.contents import ENTRY
from ingestion.tables.markdown import LEADERS
from ingestion.text.caption_labels import caption_label
from ingestion.text.cleaning import LAST_WORD
from rag.answering.citing.markers import MarkerStream, rewrite, without_brackets
from rag.answering.citing.refusals import declines
from rag.answering.facts.amounts import amounts
from rag.answering.facts.fact_check import codes, numbers
from rag.answering.prompting.prompts import fenced
from rag.llm.page_ordering import _NUMBERS
from rag.llm.thoughts import apart
from rag.retrieval.query import without_form
from rag.text.analysis import terms, typed
from rag.text.passages import sentences, shorten, tables

LONG = 60_000  # characters
KNOWN = {1, 2}
BLANKS = " " * LONG


def streamed(text: str, step: int = 4) -> None:
    """Through the markers' grammar in pieces of ``step`` characters."""
    stream = MarkerStream(KNOWN)
    for at in range(0, len(text), step):
        stream.feed(text[at : at + step])
    stream.close()


def styled(text: str) -> None:
    """Through the markers' grammar with evidence at hand, which other styles of citing need."""
    stream = MarkerStream(KNOWN, manual())
    for at in range(0, len(text), 4):
        stream.feed(text[at : at + 4])
    stream.close()


def whole(text: str) -> None:
    """The same in one piece."""
    streamed(text, len(text))


def repeated(unit: str, end: str = "") -> str:
    return unit * (LONG // len(unit)) + end


def ticks() -> str:
    """Runs of backticks of different lengths: no two of them make a span."""
    return " ".join("`" * count for count in range(1, 345))


CASES: dict[str, Callable[[], object]] = {
    "a padded row": lambda: streamed(f"| value [1] |{BLANKS}| 3 |"),
    "a padded row of dropped markers": lambda: whole(f"| value [9] |{BLANKS}| 3 [1]{BLANKS}x |"),
    "an open bracket and blanks": lambda: whole(f"[1 {BLANKS}x] [ {BLANKS}x] [source {BLANKS}x"),
    "markers without end": lambda: streamed(repeated("[1]", " x")),
    "markers joined by words": lambda: streamed(repeated("[1], and [2] or ", " x")),
    "a marker and its link, unfinished": lambda: streamed(repeated("[1](a.b ")),
    "brackets": lambda: streamed(repeated("[")),
    "one word": lambda: streamed(repeated("word_")),
    "indexes": lambda: whole(repeated("a_b[1] ")),
    "indexes of one word": lambda: rewrite(repeated("a[1]"), str),
    "backticks": lambda: rewrite(ticks(), str),
    "backticks as they come": lambda: streamed(ticks()),
    "styles of citing": lambda: styled(repeated("(2). <evidence n=1> evidence 1 [a.pdf, p. ")),
    "a paragraph of brackets": lambda: styled(repeated("(") + repeated("<") + repeated("evidence ")),
    "references": lambda: without_brackets(repeated("[1, ") + BLANKS),
    "thoughts": lambda: list(apart(iter(["<think>", *["no </think "] * (LONG // 4)]))),
    "blanks before words": lambda: list(apart(iter([" "] * LONG))),
    "a list of pages": lambda: _NUMBERS.fullmatch(f"1{BLANKS},{BLANKS}x"),
    "a question of examples": lambda: without_form(repeated("['")),
    "a question of quoted letters": lambda: without_form(repeated('[ "a" ')),
    "a question of blanks": lambda: without_form(f"like{BLANKS}x"),
    "negative numbers": lambda: numbers(repeated("-12 V; ")),
    "amounts": lambda: (amounts(repeated("one ")), amounts(repeated("5 - ")), amounts(repeated(" "))),
    "a refusal without end": lambda: declines(repeated("the documents do not ")),
    "version numbers": lambda: codes(repeated("1.")),
    "a script without spaces": lambda: (typed(repeated("管")), terms(repeated("a1"))),
    "abbreviations": lambda: sentences(repeated("p. ")),
    "empty lines": lambda: shorten(repeated("\n"), 10_000),
    "a line below a table's head": lambda: tables(f"| a |\n|--{BLANKS}x|\n|{BLANKS}x|"),
    "a tag": lambda: fenced(f"<{BLANKS}x" + repeated("< ")),
    "a label": lambda: caption_label(f"{BLANKS}x"),
    "leaders in a cell": lambda: LEADERS.sub("", repeated(". ", "x")),
    "leaders in a row": lambda: ENTRY.fullmatch(repeated(". ", "x")),
    "a word over lines": lambda: LAST_WORD.search(repeated("a", " b")),
}

if __name__ == "__main__":
    for name, read in CASES.items():
        print(name, flush=True)
        read()
    print("read")
