"""Whether a model sees pictures, proved: a drawn number is read back, or the picture is found in the prompt's length.

Servers of models without sight may refuse a picture, drop it without a word, or pass its characters on as text; a
request that succeeds proves nothing. Drawn into the picture is a number that nobody can guess.
"""

from __future__ import annotations

import re
import secrets
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from rag.llm.base import Message

SIZE = (448, 224)  # pixels; whole patches of every family of vision models
FONT_SIZE = 120
MOST_TOKENS = 60  # of the reply: five digits, and a few words around them
LONGEST_REPLY = 2000  # characters; a reply that goes on is of no use
LEAST_TOKENS = 4  # by which a prompt with a picture is longer than without; real models take 49 at least
CHARACTERS_PER_TOKEN = 4.0
"""Most characters of a data URL in a token: a prompt that is longer by so much has the picture's characters in it."""

ASKED = "Which number is written in the picture? Reply with its digits and nothing else."


class Proof(NamedTuple):
    """A question that only a model with sight can answer."""

    digits: str
    picture: Image.Image

    @property
    def with_picture(self) -> Message:
        """The question as it is asked."""
        return Message("user", (self.picture, ASKED))

    @property
    def without_picture(self) -> Message:
        """The same words, to compare the length of the prompt."""
        return Message("user", (ASKED,))

    def read_in(self, reply: str) -> bool:
        """Whether a reply has the number."""
        return self.digits in re.sub(r"(?<=\d)[\s,.'_-]+(?=\d)", "", reply)


def proof() -> Proof:
    """A number of five digits, drawn."""
    digits = str(10_000 + secrets.randbelow(90_000))
    picture = Image.new("RGB", SIZE, "white")
    font = ImageFont.load_default(FONT_SIZE)
    ImageDraw.Draw(picture).text((SIZE[0] / 2, SIZE[1] / 2), digits, fill="black", font=font, anchor="mm")
    return Proof(digits, picture)


def seen_by_length(with_picture: int | None, without: int | None, characters: int) -> bool:
    """Whether the lengths of two prompts, in tokens, show that the picture was read as a picture.

    ``characters``: of its data URL. False where a server does not count.
    """
    if not with_picture or not without:
        return False
    more = with_picture - without
    return LEAST_TOKENS <= more < characters / CHARACTERS_PER_TOKEN
