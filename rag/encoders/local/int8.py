"""Encoders whose weights are 8-bit numbers: a model's towers as ONNX graphs, run by onnxruntime on the CPU.

Graphs are kept in the user's cache folder by the hash of all that shaped them. Where they are, neither the weights nor
the packages that made them are needed.

Dynamic quantisation scales what flows between the layers by the largest number of a call. So each text and picture is
run alone: beside others, and padded to their length, its vector would depend on them (cosine .9993 to itself alone).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from transformers import AutoConfig, AutoTokenizer

import ingestion.onnx_threads  # noqa: F401  OMP_NUM_THREADS counts here, too
from rag.encoders.cache import cache_folder
from rag.encoders.local.checkpoint import (
    LOADING_ERRORS,
    REMOTE_CODE,
    Checkpoint,
    first_line,
    identity_of,
    model_files,
    no_int8,
    settings_of,
    unavailable,
)
from rag.encoders.local.onnx_graph import PICTURE, STATES, TEXT, Graph, Load, Pixels
from rag.encoders.parts import Runtime, digest
from rag.encoders.spec import Spec
from rag.errors import BadSettings

RECIPE = "int8-1"
"""Raise it when graphs are made or run in another way: part of the identity, and so of where they are kept."""
REFUSED = {
    "align": "ALIGN sees pictures by convolutions, which stay as they are, and its graph strays from its own numbers",
    "siglip2": "NaFlex takes pictures as patches of many shapes, which have no one graph",
    "blip-2": "the towers of BLIP-2's retrieval head share a network, which has no one graph",
}


class DualGraphs:
    """A dual encoder's two towers."""

    dtype = torch.float32

    def __init__(self, config: Any, folder: Path, threads: int) -> None:
        self.config = config
        self._text, self._picture = Graph(folder / TEXT, threads), Graph(folder / PICTURE, threads)

    def get_text_features(self, input_ids: torch.Tensor, attention_mask: Any = None, **_: Any) -> torch.Tensor:
        """(n, dim), not normalised."""
        return torch.cat([self._text(ids) for ids in _unpadded(input_ids, attention_mask)])

    def get_image_features(self, pixel_values: torch.Tensor) -> torch.Tensor:
        """(n, dim), not normalised."""
        return torch.cat([self._picture(pixels[None]) for pixels in pixel_values])


class States(NamedTuple):
    """What a text transformer answers, as far as pooling needs it."""

    last_hidden_state: torch.Tensor


class SentenceGraph:
    """A text transformer."""

    dtype = torch.float32

    def __init__(self, config: Any, folder: Path, threads: int) -> None:
        self.config = config
        self._states = Graph(folder / STATES, threads)

    def __call__(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: Any) -> States:
        """States (n, tokens, dim), zero where the mask is."""
        found = torch.cat([self._states(ids)[0] for ids in _unpadded(input_ids, attention_mask)])
        states = found.new_zeros(*input_ids.shape, found.shape[-1])
        states[attention_mask.bool()] = found
        return States(states)


def open_int8(spec: Spec, folder: Path, runtime: Runtime, load: Load, pixels: Pixels | None = None) -> Checkpoint:
    """The model of ``folder`` as graphs; where there are none yet, ``load`` opens its plain spec to make them.

    ``pixels`` gives a picture as a dual encoder takes it; None: a text transformer. Raises :class:`BadSettings` for
    what has no graph and where packages are missing, :class:`EncoderUnavailable` as any model does.
    """
    if runtime.device != "cpu":
        raise BadSettings(f"{spec} runs on the CPU, and PAGESIGHT_DEVICE is {runtime.device!r}: use float16 there")
    kind = settings_of(folder, "config.json").get("model_type", "")
    if kind in REFUSED:
        raise no_int8(spec, REFUSED[kind])
    towers = "text and picture" if pixels else "states"
    identity = digest(RECIPE, towers, identity_of(spec, folder, model_files(spec, folder)))
    graphs = cache_folder() / identity
    if not graphs.is_dir():
        from rag.encoders.local.onnx_export import make_graphs

        make_graphs(graphs, spec, load, pixels)
    try:
        config = AutoConfig.from_pretrained(folder, local_files_only=True, **REMOTE_CODE)
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, **REMOTE_CODE)
    except LOADING_ERRORS as exc:
        raise unavailable(spec, folder, first_line(exc)) from exc
    model = (DualGraphs if pixels else SentenceGraph)(config, graphs, runtime.threads)
    return Checkpoint(spec, folder, model, tokenizer, "cpu", runtime.batch, identity)


def _unpadded(ids: torch.Tensor, mask: torch.Tensor | None) -> Iterator[torch.Tensor]:
    """Each text alone, (1, its tokens)."""
    for number, row in enumerate(ids):
        yield (row if mask is None else row[mask[number].bool()])[None]
