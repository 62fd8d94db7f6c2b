"""What runs the networks of OCR is told by what is installed and what the processor can do."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace

import pytest
from rapidocr import EngineType

from ingestion.ocr import networks


@pytest.fixture(autouse=True)
def _asked_anew() -> Iterator[None]:
    networks.runs_on.cache_clear()
    yield
    networks.runs_on.cache_clear()


def installed(patch: pytest.MonkeyPatch, abilities: list[str] | None) -> None:
    """OpenVINO with a processor of these abilities; None: it is not installed."""
    found = None if abilities is None else importlib.util.spec_from_loader(networks.PACKAGE, None)
    find = importlib.util.find_spec
    patch.setattr(importlib.util, "find_spec", lambda name: found if name == networks.PACKAGE else find(name))
    module = ModuleType(networks.PACKAGE)
    module.Core = lambda: SimpleNamespace(get_property=lambda *_: abilities)  # type: ignore[attr-defined]
    patch.setitem(sys.modules, networks.PACKAGE, module)


@pytest.mark.parametrize("abilities", [None, ["FP32", "INT8"]])
def test_onnxruntime_runs_them_unless_openvino_is_faster(
    monkeypatch: pytest.MonkeyPatch, abilities: list[str] | None
) -> None:
    installed(monkeypatch, abilities)
    assert networks.runs_on() == networks.ONNXRUNTIME
    assert all("onnxruntime" in name for name in (networks.thread_settings(2) | networks.engine_settings(EngineType)))


def test_openvino_runs_them_where_the_processor_calculates_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, ["FP32", "BF16"])
    assert networks.runs_on() == networks.OPENVINO
    assert networks.engine_settings(EngineType) == {
        "Det.engine_type": EngineType.OPENVINO,
        "Rec.engine_type": EngineType.OPENVINO,
    }
    assert networks.thread_settings(2)["EngineConfig.openvino.inference_num_threads"] == 2
    assert networks.thread_settings(0) == {}
