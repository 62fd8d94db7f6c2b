"""One tower of a model as an ONNX graph, run by onnxruntime on the CPU: tokens or pixels in, numbers out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch

from rag.encoders.local.checkpoint import Checkpoint, first_line
from rag.encoders.local.onnx_session import open_session
from rag.encoders.spec import Spec
from rag.errors import EncoderUnavailable

TEXT, PICTURE, STATES = "text.onnx", "picture.onnx", "states.onnx"

Load = Callable[[Spec], Checkpoint]

Pixels = Callable[[], Mapping[str, Any]]


class Graph:
    """One tower: a text's tokens or a picture's pixels in, numbers out."""

    def __init__(self, path: Path, threads: int) -> None:
        try:
            self._session = open_session(path, threads)
        except Exception as exc:  # onnxruntime's errors have no type in common
            why = f"{path} cannot be read ({first_line(exc)}); delete the folder {path.parent}, it is made again"
            raise EncoderUnavailable(why) from exc
        self._given = self._session.get_inputs()[0].name

    def __call__(self, given: torch.Tensor) -> torch.Tensor:
        """(1, …) to (1, …)."""
        return torch.from_numpy(self._session.run(None, {self._given: given.numpy()})[0])
