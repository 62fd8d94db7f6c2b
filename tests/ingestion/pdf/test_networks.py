"""The layout library's networks answer from here as they do from there."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from pymupdf.layout.onnx.common_util import make_session

from ingestion.pdf import networks

NEAR = 1e-4  # of logits and maps of some units; the seventh digit of sums differs


def drawing(shape: tuple[int, ...]) -> Any:
    """Something like a page: blocks of text, a rule, a grey picture."""
    page = np.ones(shape, dtype=np.float32)
    page[..., 20:60:6, 30:220] = 0.1
    page[..., 100:102, :] = 0.0
    page[..., 140:260, 40:180] = np.linspace(0.2, 0.8, 140, dtype=np.float32)
    return page


@pytest.mark.parametrize("name", networks.KNOWN)
def test_the_installed_networks_are_those_that_were_measured_and_answer_the_same(name: str) -> None:
    quick = networks.quick_session(name)
    assert quick is not None, f"{name} is another network now: measure it and note its hash"
    theirs = make_session(str(networks.FOLDER / name))
    (given,) = theirs.get_inputs()
    page = {given.name: drawing((1, *given.shape[1:]))}
    names = [output.name for output in theirs.get_outputs()]
    for found, expected in zip(quick.run(names, page), theirs.run(names, page), strict=True):
        assert np.abs(found - expected).max() < NEAR


def test_another_network_is_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(networks.KNOWN, networks.IMAGE, "0" * 64)
    assert networks.quick_session.__wrapped__(networks.IMAGE) is None


def test_activations_of_several_slopes_stay_as_they_are() -> None:
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    maps = [helper.make_tensor_value_info(name, number, [1, 2, 3, 3]) for name in ("given", "made")]
    slopes = onnx.numpy_helper.from_array(np.array([[[0.1]], [[0.2]]], dtype=np.float32), "slopes")
    node = helper.make_node("PRelu", ["given", "slopes"], ["made"])
    model = helper.make_model(helper.make_graph([node], "two", maps[:1], maps[1:], [slopes]))
    written = onnx.load_from_string(networks.with_joined_activations(model.SerializeToString()))
    assert [held.op_type for held in written.graph.node] == ["PRelu"]
