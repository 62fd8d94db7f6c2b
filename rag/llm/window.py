"""What of a model's window the reply and the pictures take.

A window is counted in tokens and holds prompt and reply together. Estimates are on the cautious side.
"""

from __future__ import annotations

import re

LONGEST_REPLY = 4096
"""Most tokens of a reply, three or four pages; also what is kept free for it in a large window."""

SHARE_OF_REPLY = 4
"""A reply may take one part in so many of a small window."""

PIXELS_PER_TOKEN = 750
"""Pixels of a picture that become a token: Claude 750, Qwen2.5-VL 784, Qwen3-VL 1,024; families with a fixed number for
every picture (Gemma 256 to 1,120) take less for large ones."""


PER_SIGN = 0.9  # tokens of a sign that is neither letter nor digit
PER_LETTER = 0.7  # of a letter outside a to z
PLAIN_CHARACTERS = 3.9  # letters a to z, and spaces, that make a token

_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef]")
_PLAIN = re.compile(r"[A-Za-z]")


def reply_tokens(window: int | None) -> int:
    """Most tokens that a reply may have."""
    return LONGEST_REPLY if window is None else max(1, min(LONGEST_REPLY, window // SHARE_OF_REPLY))


def words_tokens(words: str) -> int:
    """A cautious estimate of what a text takes.

    Digits are tokens of their own in the vocabularies of today, and rules of tables nearly so: a table takes 1.8 times
    the tokens that its characters divided by four suggest. The weights hold for a vocabulary of 32,000 (Llama 2) on
    passages, tables and figures of manuals and reports, within an eighth for each kind; larger ones take less.
    """
    wide = len(_WIDE.findall(words))
    digits = sum(map(str.isdigit, words))
    spaces = sum(map(str.isspace, words))
    letters = sum(map(str.isalpha, words)) - wide
    plain = len(_PLAIN.findall(words))
    signs = len(words) - wide - digits - spaces - letters
    return round(
        wide + digits + PER_SIGN * signs + PER_LETTER * (letters - plain) + (plain + spaces) / PLAIN_CHARACTERS
    )
