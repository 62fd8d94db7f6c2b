"""Tables of contents, which the layout model takes for tables but which are lists of "title … page number". Pure.

Every entry ends in one page number, and page numbers do not fall. Names with rising numbers alone are data: dot
leaders, section numbers, or a word such as "Contents" in the rows or on the page must confirm it.

Example: the rows "1 Safety … 3", "2 Installation … 7", "3 Use … 12", "4 Care … 20" are one.
"""

from __future__ import annotations

import re
from itertools import pairwise

from ingestion.tables.grid import Rows

MIN_ENTRIES = 4  # rows that end in a page number
ENTRY_SHARE = 0.75  # of the rows that end in a page number, and of the steps between those that do not fall
LEADER = re.compile(r"(?:[.·…_]\s*){4,}|…{2,}")
ENTRY = re.compile(
    r"(?P<title>.*?\S)(?:(?<![.·…_])\s*+(?:[.·…_]\s*+){3,}+|\s++)(?P<page>\d{1,4}|[ivxlc]{1,6})\.?", re.DOTALL
)
TRAILING_NUMBER = re.compile(r"[\s$€£(–-]\d[\d.,]*%?\)?$")  # a second number before the last: a row of data
SECTION_NUMBER = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]+\.|[A-Z]\.|§\s*\d+)\s+\S")
CONTENTS_WORD = re.compile(
    r"^\W*(?:(?:table of )?contents|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice|indice|sumário|"
    r"inhoud(?:sopgave)?|spis treści|содержание|оглавление|目\s*次|目\s*录|目\s*錄|차\s*례|목\s*차)\b[\s\W]*",
    re.IGNORECASE,
)
PAGE_WORD = re.compile(r"\b(?:page|seite|pagina|página|strona|стр|страница)(?: no| number)?\W*$", re.IGNORECASE)


def looks_like_contents(rows: Rows, said: bool = False) -> bool:
    """Whether rows are a table of contents; ``said``: a line of the page says "Contents"."""
    texts = [" ".join(cell for cell in row if cell) for row in rows]
    pages = [_page_number(text) for text in texts if text]
    entries = [page for page in pages if page is not None]
    if len(entries) < MIN_ENTRIES or len(entries) < ENTRY_SHARE * len(pages):
        return False
    rising = sum(a <= b for a, b in pairwise(entries)) >= ENTRY_SHARE * (len(entries) - 1)
    if not rising or entries[0] == entries[-1]:
        return False
    numbered = sum(bool(SECTION_NUMBER.match(text)) for text in texts)
    said = said or any(CONTENTS_WORD.search(text) or PAGE_WORD.search(text) for text in texts[:2])
    return said or numbered >= len(entries) / 2 or sum(bool(LEADER.search(t)) for t in texts) >= len(entries) / 2


def _page_number(text: str) -> int | None:
    """The page number an entry of contents ends in, if it is its only free number; roman ones count as 0."""
    match = ENTRY.fullmatch(text)
    if not match or not any(c.isalpha() for c in match["title"]) or TRAILING_NUMBER.search(match["title"]):
        return None
    digits = match["page"]
    return int(digits) if digits.isdigit() else 0
