"""Words that are surely spelt as they were meant: those that a tokenizer has as one token, which only common words are.

"reset" is one of the 32,000 tokens of Llama 2 and no misspelt "rest", whatever a library says; "pasword" is two, and so
are many words that are right. Told by the tokenizer that the package ``wordllama`` ships; none is known without it.
"""

from __future__ import annotations

from functools import lru_cache

from tokenizers import Tokenizer

from rag.encoders.static import TOKENIZER, package_folder
from rag.errors import EncoderUnavailable


@lru_cache(maxsize=4096)
def is_known(word: str) -> bool:
    """Whether a word in small letters is one token."""
    tokenizer = _tokenizer()
    return tokenizer is not None and len(tokenizer.encode(word, add_special_tokens=False).ids) == 1


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer | None:
    try:
        return Tokenizer.from_file(str(package_folder() / TOKENIZER))
    except EncoderUnavailable:
        return None
