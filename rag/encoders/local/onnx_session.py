"""How the encoders' ONNX graphs are run on the CPU: the options that all of them share. Needs no torch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

import ingestion.onnx_threads  # noqa: F401  OMP_NUM_THREADS counts here, too


def open_session(graph: Path | bytes, threads: int) -> Any:
    """A session of a graph, from its file or its bytes; ``threads`` 0 leaves the library's own choice.

    Raises onnxruntime's errors, which have no type in common, for what is no graph.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4  # the worst alone: errors are raised
    # Threads that wait by spinning double the processor time, and the wait where two cores are busy (2026-11-22).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if threads:
        options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
