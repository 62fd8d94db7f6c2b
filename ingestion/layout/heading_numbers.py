"""How headings are numbered in the larger European languages. Pure.

Example: "Chapter 3", "Anhang B" and "4.2 Pumps" begin as headings do; "Pumps" does not.
"""

from __future__ import annotations

import re

WORDS = {  # level → words that name a division of it
    0: r"part|teil|partie|parte|deel|del|część|часть|volume|band",
    1: r"chapter|kapitel|chapitre|cap[ií]tulo|capitolo|hoofdstuk|rozdział|kapitola|глава|bölüm|κεφάλαιο|"
    r"appendix|annex|anhang|annexe|anexo|allegato|bijlage|приложение|item|article|artikel",
}
NUMBER = r"(?:\d{1,2}|[IVXL]+|[A-Z])"
NAMED = {level: re.compile(rf"^(?:{words})\s+{NUMBER}\b", re.IGNORECASE) for level, words in WORDS.items()}
"""Level → a name with its number: "Part II", "Chapter 3"."""

DEEP = re.compile(r"^(?:(?:section|abschnitt|§)\s*)?((?:\d{1,2}|[A-Z])(?:\.\d{1,3}){1,5})\.?(?=\s+\S|$)", re.IGNORECASE)
"""A number of several parts, its first group: "4.2", "A.1.3"."""
BARE = re.compile(
    rf"^(?:(?:{WORDS[0]}|{WORDS[1]}|section|abschnitt)\s+{NUMBER}|\d{{1,2}}(?:\.\d{{1,3}})*|[A-Z](?:\.\d{{1,3}})+|"
    r"第\s*[\d一二三四五六七八九十]+\s*[章节節])[.:]?$",
    re.IGNORECASE,
)
"""A number and nothing else: its title stands in another line."""


def starts_like_heading(text: str) -> bool:
    """Whether a line begins as a heading does: "Appendix C", "Chapter 3", "4.2"."""
    return any(pattern.match(text) for pattern in (*NAMED.values(), DEEP))
