"""The words part that needs no download: mean of the static word vectors that the package ``wordllama`` ships.

Enters: text. Leaves: 256-d unit rows. Must not know: models that run layers; it imports no torch.

Method: mean of token vectors, as the vectors were trained (Miller 2024, github.com/dleemiller/WordLlama); rare words
weigh more by themselves, for their vectors are several times longer than those of function words.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from rag.encoders.parts import Tower, digest, file_digest, unit
from rag.errors import EncoderUnavailable
from rag.types import Vectors

SPEC = "static"
WEIGHTS = "weights/l2_supercat_256.safetensors"
# wordllama 0.4.0 looks for its tokenizer in "tokenizer", ships it in "tokenizers" and so tries to download it.
TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
METHOD = "mean-1"
BATCH = 1024
"""Texts tokenized at once: bounds memory, not speed."""


class StaticWords:
    """Mean of token vectors; reads any length."""

    spec: str = SPEC
    tower: Tower | None = None

    def __init__(self) -> None:
        folder = _package_folder()
        self._vectors = next(iter(load_file(folder / WEIGHTS).values()))
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.dim = int(self._vectors.shape[1])
        self.identity = digest(METHOD, file_digest(folder / WEIGHTS), file_digest(folder / TOKENIZER))

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, 256) float32 unit rows; a blank text gives a zero row."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for start in range(0, len(texts), BATCH):
            encoded = self._tokenizer.encode_batch(list(texts[start : start + BATCH]), add_special_tokens=False)
            for number, tokens in enumerate(encoded, start):
                if tokens.ids:
                    rows[number] = self._vectors[tokens.ids].mean(axis=0, dtype=np.float32)
        return unit(rows)


def _package_folder() -> Path:
    found = find_spec("wordllama")
    if found is None or found.origin is None:
        raise EncoderUnavailable(
            "The words encoder 'static' needs the word vectors of the package wordllama, which is not installed. "
            "Install it: pip install wordllama"
        )
    folder = Path(found.origin).parent
    missing = [name for name in (WEIGHTS, TOKENIZER) if not (folder / name).is_file()]
    if missing:
        raise EncoderUnavailable(
            f"The words encoder 'static' does not find {missing[0]} in {folder}. "
            "Install the version that ships it: pip install --force-reinstall wordllama==0.4.0"
        )
    return folder
