"""The words part from a package's weights: a text's tokens through an 8-bit graph, their states' mean.

Method: mean of the token states (Reimers and Gurevych 2019), with the words before questions and passages that the
model was trained with (Wang et al. 2024, "Multilingual E5 Text Embeddings"). Each text is run alone: beside others its
vector would depend on them (:mod:`rag.encoders.local.int8`). Several are run at once instead, each on one core: two
threads within one text of 60 words take a third more processor time and are no faster than one, two texts side by side
take two thirds of the time (2026-11-29, two cores).
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers

from ingestion.onnx_threads import VARIABLE
from rag.encoders.cache import cache_folder
from rag.encoders.local.onnx_session import open_session
from rag.encoders.packaged.adapter import read_adapter
from rag.encoders.packaged.models import PackagedModel
from rag.encoders.packaged.samples import SAMPLES
from rag.encoders.packaged.weights import BertWeights, Layers
from rag.encoders.parts import Runtime, TextWindow, TokenStates, digest, file_digest, unit
from rag.errors import EncoderUnavailable
from rag.lru import Recent
from rag.types import Float32Array

log = logging.getLogger(__name__)

METHOD = "packaged-1"
"""Raise it when texts are prepared or states joined in another way."""
RECIPE = "bert-graph-2"
"""Raise it when :mod:`rag.encoders.packaged.graph` makes graphs of other vectors: indexes then have to be made anew."""
GRAPH = "bert-graph-3"
"""Raise it when graphs are written in another way, if only for speed: those that are kept are then made anew."""
KEPT_TEXTS = 4096
"""Texts whose tokens are remembered: a text is counted by several who cut it before it is embedded."""

KEPT_QUESTIONS = 4
"""Questions whose states are remembered: the search embeds them, and asks for their tokens a moment later."""

Encode = Callable[[str], list[int]]
Found = TypeVar("Found")


class Opened(NamedTuple):
    """Weights, and texts to tokens without the special ones ``start`` and ``end`` that stand around them."""

    weights: BertWeights
    encode: Encode
    start: int
    end: int


class PackagedWords:
    """A sentence encoder that a package ships. Its tokenizer holds no state that threads could disturb."""

    spent = ""

    def __init__(self, model: PackagedModel, runtime: Runtime) -> None:
        self.spec, self._model, self.languages = model.name, model, model.languages
        opened, self._adapter = _open(model), read_adapter(model.adapter_file)
        self._weights = self._adapter.adapted(opened.weights)
        self._encode = encode = lru_cache(KEPT_TEXTS)(opened.encode)
        self._around = opened.start, opened.end
        self.dim = opened.weights.width
        prefixes = [len(opened.encode(prefix)) for prefix in (model.query, model.passage)]
        # Nothing that is kept here leads back here: some 200 MB go with the last who uses them, not at a later sweep.
        room = model.window - len(self._around) - max(prefixes)
        self.window: TextWindow | None = TextWindow(lambda text: len(encode(text)), room)
        adapter = file_digest(model.adapter_file)
        self.identity = digest(METHOD, RECIPE, model.sha256, adapter, model.window, model.query, model.passage)
        self._session = _session(model, adapter, self._weights, self._tokens)
        self._asked: Recent[str, Float32Array] = Recent(KEPT_QUESTIONS)
        self._threads = runtime.threads or _cores()

    def embed_texts(self, texts: Sequence[str], query: bool = False) -> Float32Array:
        """(n, dim) float32 unit rows; each text fits :attr:`window`."""
        states_of = self._states_of_question if query else self._states_of
        return self._rows(self._of_each(lambda text: states_of(text).mean(axis=0), texts, query))

    def embed_with_tokens(self, texts: Sequence[str], query: bool = False) -> tuple[Float32Array, list[TokenStates]]:
        """The rows of :meth:`embed_texts`, and of each text what is kept of the tokens that they are made of, without
        those that stand around every text."""
        prefix = len(self._encode(self._model.query if query else self._model.passage))
        own = slice(1 + prefix, -1)
        states_of = self._states_of_question if query else self._states_of

        def read(text: str) -> tuple[Float32Array, list[int], Float32Array]:
            states = states_of(text)
            return states.mean(axis=0), self._tokens(text)[own], states[own]

        found = self._of_each(read, texts, query)
        kept = self._adapter.kept([states for *_, states in found])
        tokens = [
            TokenStates(np.array(numbers, dtype=np.uint32), states)
            for (_, numbers, _), states in zip(found, kept, strict=True)
        ]
        return self._rows([mean for mean, *_ in found]), tokens

    def token_numbers(self, text: str) -> NDArray[np.uint32]:
        """(n,) of a text's tokens, without those that stand around every text."""
        return np.array(self._encode(text), dtype=np.uint32)

    def _of_each(self, read: Callable[[str], Found], texts: Sequence[str], query: bool) -> list[Found]:
        prefix = self._model.query if query else self._model.passage
        given = [prefix + text for text in texts]
        threads = min(self._threads, len(given))
        if threads < 2:
            return list(map(read, given))
        with ThreadPoolExecutor(threads, "words") as pool:
            return list(pool.map(read, given))

    def _rows(self, means: Sequence[Float32Array]) -> Float32Array:
        return unit(np.array(means, dtype=np.float32).reshape(len(means), self.dim))

    def _states_of_question(self, text: str) -> Float32Array:
        states = self._asked.get(text)
        if states is None:
            states = self._states_of(text)
            self._asked.put(text, states)
        return states

    def _states_of(self, text: str) -> Float32Array:
        """(tokens, dim)."""
        embedded = self._weights.embedded(self._tokens(text))
        states: Float32Array = self._session.run(None, {"embedded": embedded[None]})[0][0]
        states.flags.writeable = False  # some are remembered
        return states

    def _tokens(self, text: str) -> list[int]:
        room = self._model.window - len(self._around)
        return [self._around[0], *self._encode(text)[:room], self._around[1]]


def _open(model: PackagedModel) -> Opened:
    path = model.file()
    return _open_q4(path) if model.form == "q4" else _open_folder(path)


def _open_q4(path: Path) -> Opened:
    """Multilingual E5: a SentencePiece unigram model, its letters normalized by its own table."""
    from rag.encoders.packaged.q4_file import read

    found = read(path)
    vocabulary = found.vocabulary
    tokenizer: Any = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    letters = vocabulary.letters

    def encode(text: str) -> list[int]:
        whole = unicodedata.normalize("NFC", text).translate(letters)  # the table has single letters alone
        plain = " ".join(filter(None, whole.split(" ")))
        tokens: list[int] = tokenizer.encode(plain, add_special_tokens=False).ids
        return tokens

    return Opened(found.weights, encode, vocabulary.start, vocabulary.end)


def _open_folder(path: Path) -> Opened:
    """A BERT of the usual folder: ``config.json``, ``tokenizer.json``, weights as transformers name them."""
    from safetensors import safe_open

    try:
        config = json.loads((path.parent / "config.json").read_text(encoding="utf-8"))
        tokenizer: Any = Tokenizer.from_file(str(path.parent / "tokenizer.json"))
        weights = _of_transformers(safe_open(path, framework="numpy").get_tensor, config)
        start, end = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    except Exception as exc:  # tokenizers raises bare Exceptions
        raise EncoderUnavailable(f"The model folder {path.parent} cannot be read ({exc}); install it again") from exc
    tokenizer.no_padding()
    tokenizer.no_truncation()

    def encode(text: str) -> list[int]:
        tokens: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
        return tokens

    return Opened(weights, encode, start, end)


_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "attended": "attention.output.dense", "inner": "intermediate.dense", "outer": "output.dense",
}  # fmt: skip
_NORMS = {"attended": "attention.output.LayerNorm", "outer": "output.LayerNorm"}


def _of_transformers(tensor: Callable[[str], Float32Array], config: dict[str, Any]) -> BertWeights:
    def layer(number: int) -> dict[str, Float32Array]:
        base, found = f"encoder.layer.{number}", {}
        for name, theirs in _PARTS.items():
            found[name] = tensor(f"{base}.{theirs}.weight").T
            found[f"{name}.bias"] = tensor(f"{base}.{theirs}.bias")
        for name, theirs in _NORMS.items():
            found[f"{name}.gain"] = tensor(f"{base}.{theirs}.weight")
            found[f"{name}.shift"] = tensor(f"{base}.{theirs}.bias")
        return found

    words = tensor("embeddings.word_embeddings.weight")
    return BertWeights(
        words=lambda tokens: words[tokens],
        positions=tensor("embeddings.position_embeddings.weight")
        + tensor("embeddings.token_type_embeddings.weight")[0],
        norm=(tensor("embeddings.LayerNorm.weight"), tensor("embeddings.LayerNorm.bias")),
        layers=Layers(config["num_hidden_layers"], layer),
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
    )


def _cores() -> int:
    """As many as this process may use; fewer where it was told to share them."""
    told = os.environ.get(VARIABLE, "")
    if told.isdigit() and int(told):
        return int(told)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _session(model: PackagedModel, adapter: str, weights: BertWeights, tokens: Callable[[str], list[int]]) -> Any:
    """The graph as it is kept, else made and kept. Several processes may do so at once: a file is named by its hash."""
    folder = cache_folder() / digest(GRAPH, model.sha256, adapter)
    graph = _kept(folder, model)
    if graph is None:
        graph = _made(model, weights, tokens)
        try:
            _keep(folder, graph)
        except OSError as exc:
            log.warning("%s cannot be written (%s): the graph of %s is made at every start", folder, exc, model.name)
    return open_session(graph, threads=1)


def _kept(folder: Path, model: PackagedModel) -> bytes | None:
    for path in sorted(folder.glob("*.onnx")):
        try:
            graph = path.read_bytes()
        except OSError as exc:
            log.warning("%s cannot be read (%s): the graph of %s is made anew", path, exc, model.name)
            continue
        if hashlib.sha256(graph).hexdigest() == path.stem:
            return graph
        log.warning("%s is damaged: the graph of %s is made anew", path, model.name)
    return None


def _made(model: PackagedModel, weights: BertWeights, tokens: Callable[[str], list[int]]) -> bytes:
    from rag.encoders.packaged.graph import made

    try:
        return made(weights, [tokens(model.passage + text) for text in SAMPLES])
    except OSError as exc:
        raise EncoderUnavailable(
            f"The graph of the words encoder {model.name!r} cannot be made ({exc}); it needs 200 MB in the folder for "
            "temporary files, which TMPDIR names"
        ) from exc


def _keep(folder: Path, graph: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        path = Path(beside, f"{hashlib.sha256(graph).hexdigest()}.onnx")
        path.write_bytes(graph)
        path.replace(folder / path.name)
