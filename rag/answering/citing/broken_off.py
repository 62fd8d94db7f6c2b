"""What of a reply that broke off is worth reading: a whole sentence or a citation at least, and no endless repetition.

The end of a text that ends nothing is marked:

"The filter is rinsed [1]. And"  →  "The filter is rinsed [1]. And …"
"E6 E6 E6 E6 …"                  →  ""
"""

from __future__ import annotations

import re

from rag.answering.citing.markers import CLEAN
from rag.llm.repetition import without_repetition
from rag.text.passages import sentences

LEAST_WORDS = 4
"""Words of a sentence below which it says too little to be kept."""

_FENCE = re.compile(r"^\s*(```+|~~~+)", re.MULTILINE)
_WHOLE = re.compile(r"[.!?。！？][\"”»’)\]]*$")


def worth_keeping(text: str) -> str:
    """The part of a tidied text that is kept, marked as unfinished, its code block closed; empty where none is."""
    kept = without_repetition(text).rstrip()
    if not CLEAN.search(kept) and not any(map(_says, sentences(kept))):
        return ""
    fences = _FENCE.findall(kept)
    if len(fences) % 2:
        return f"{kept}\n{fences[-1]}\n…"
    return f"{kept} …" if kept[-1].isalnum() or kept[-1] in ",;:" else kept


def _says(sentence: str) -> bool:
    words = len(sentence.split())
    unspaced = words == 1 and not sentence.isascii()  # Chinese and Japanese
    return bool(_WHOLE.search(sentence)) and (len(sentence) if unspaced else words) >= LEAST_WORDS
