"""How many threads the models of this process use: importing this module before any model is loaded settles it.

ONNX Runtime (2026-11) ignores ``OMP_NUM_THREADS``, which is set for processes that share the cores, and takes one
thread per core in every process; its threads wait by spinning. So its class of session options is replaced by one with
that number. Measured 2026-11-21, layout of 12 pages on two busy cores: 6.5 s of processor time with two threads, 4.2 s
with one.
"""

from __future__ import annotations

import os

import onnxruntime

VARIABLE = "OMP_NUM_THREADS"


class _FewThreads(onnxruntime.SessionOptions):  # type: ignore[misc]  # a class of the C++ library, untyped
    def __init__(self) -> None:
        super().__init__()
        self.intra_op_num_threads = int(os.environ[VARIABLE])
        self.inter_op_num_threads = 1


if os.environ.get(VARIABLE, "").isdigit():
    onnxruntime.SessionOptions = _FewThreads
