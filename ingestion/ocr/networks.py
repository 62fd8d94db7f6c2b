"""What runs the networks of OCR: onnxruntime, or OpenVINO where it is installed and the processor is the faster for it.

OpenVINO calculates in bfloat16 where the processor does (AVX-512 BF16, AMX: servers since 2020, AMD since Zen 4), which
halves the time of the sums; elsewhere it is no faster than onnxruntime and is left alone. Measured 2026-11-29, one
thread, four pages of print as pictures at 144 dpi: .62 times the processor time of onnxruntime once each width of line
has been met, .75 the first time; the same share of the pages' words (.989/.989, 1.0/1.0, .845/.838, .948/.948).

    pip install openvino
"""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Any

ONNXRUNTIME, OPENVINO = "onnxruntime", "OpenVINO in bfloat16"
PACKAGE = "openvino"
HALVED = "BF16"  # OpenVINO's name for sums in bfloat16


@cache
def runs_on() -> str:
    """``ONNXRUNTIME`` or ``OPENVINO``; settled once per process."""
    if importlib.util.find_spec(PACKAGE) is None:
        return ONNXRUNTIME
    import openvino

    able = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return OPENVINO if HALVED in able else ONNXRUNTIME


def thread_settings(threads: int) -> dict[str, int]:
    """RapidOCR's settings for so many threads; 0: as many as there are cores."""
    if not threads:
        return {}
    if runs_on() == OPENVINO:
        return {"EngineConfig.openvino.inference_num_threads": threads, "EngineConfig.openvino.num_streams": 1}
    return {
        "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def engine_settings(kinds: Any) -> dict[str, Any]:
    """RapidOCR's settings for what runs its detector and recogniser; ``kinds`` is its list of such."""
    if runs_on() == OPENVINO:
        return {"Det.engine_type": kinds.OPENVINO, "Rec.engine_type": kinds.OPENVINO}
    # memory is kept from picture to picture: to get it from the system anew takes a fifth of the detector's time
    # (460 → 370 ms a page), and 110 MB less
    return {"EngineConfig.onnxruntime.enable_cpu_mem_arena": True}
