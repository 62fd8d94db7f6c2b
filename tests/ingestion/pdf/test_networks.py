"""The layout library's networks answer from here as they do from there."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from pymupdf.layout import roi_pooling
from pymupdf.layout.onnx.common_util import make_session

from ingestion.pdf import graph_network, networks, sessions
from ingestion.pdf.pooling import Maps, pool

NEAR = 1e-4  # of logits and maps of some units; the seventh digit of sums differs


def drawing(shape: tuple[int, ...]) -> Any:
    """Something like a page: blocks of text, a rule, a grey picture."""
    page = np.ones(shape, dtype=np.float32)
    page[..., 20:60:6, 30:220] = 0.1
    page[..., 100:102, :] = 0.0
    page[..., 140:260, 40:180] = np.linspace(0.2, 0.8, 140, dtype=np.float32)
    return page


def lines_of_a_page(session: Any, count: int) -> dict[str, Any]:
    """Something like what the network over lines is given of a page of ``count`` lines."""
    draw = np.random.default_rng(count)
    pairs = draw.integers(0, count, (2, 3 * count))
    known: dict[str, Any] = {
        "edge_index": pairs,
        "edge_attr": draw.standard_normal((3 * count, 24)),
        "k": np.array(min(count, 20)),
        "batch": np.zeros(count),
    }
    feed = {}
    for given in session.get_inputs():
        value = known[given.name] if given.name in known else draw.random((count, given.shape[1]))
        feed[given.name] = value.astype(np.int64 if "int64" in given.type else np.float32)
    return feed


@pytest.mark.parametrize("count", [2, 7, 20, 90])
def test_the_network_over_lines_answers_the_same(count: int) -> None:
    quick = sessions.quick_session(sessions.GRAPH)
    assert quick is not None, "it is another network now: measure it and note its hash"
    theirs = make_session(str(sessions.FOLDER / sessions.GRAPH))
    feed = lines_of_a_page(theirs, count)
    for found, expected in zip(quick.run(None, feed), theirs.run(None, feed), strict=True):
        assert found.shape == expected.shape
        assert np.abs(found - expected).max() < NEAR


def test_three_products_of_pairs_are_seven_of_lines_and_pairs() -> None:
    before = (sessions.FOLDER / sessions.GRAPH).read_bytes()
    after = onnx.load_from_string(graph_network.with_split_pairs(before)).graph
    assert sum(node.op_type == "Gemm" for node in after.node) == 4 + sum(
        node.op_type == "Gemm" for node in onnx.load_from_string(before).graph.node
    )


@pytest.mark.parametrize("name", [sessions.IMAGE, sessions.GRID])
def test_the_installed_networks_are_those_that_were_measured_and_answer_the_same(name: str) -> None:
    quick = sessions.quick_session(name)
    assert quick is not None, f"{name} is another network now: measure it and note its hash"
    theirs = make_session(str(sessions.FOLDER / name))
    (given,) = theirs.get_inputs()
    page = {given.name: drawing((1, *given.shape[1:]))}
    made = quick.run(None, page)
    if name == sessions.IMAGE:  # its maps are not enlarged: what is read of them is compared
        combined, scores = theirs.run([sessions.COMBINED, sessions.SCORES], page)
        maps = Maps(tuple(held[0] for held in made[:-1]))
        assert maps.shape == combined.shape
        boxes = [(0, 0, 300, 300), (30, 20, 220, 22), (40, 140, 180, 260), (7.5, 9.2, 7.9, 9.9)]
        ops = roi_pooling.DEFAULT_FEATURE_MAP_POOLING_OPS
        read = roi_pooling.extract_bbox_features_by_roi_pooling(combined, boxes, 300, 300, pooling_ops=ops)
        made, answers = [pool(maps, boxes, 300, 300, pooling_ops=ops), made[-1]], [read, scores]
    else:
        answers = theirs.run([output.name for output in theirs.get_outputs()], page)
    for found, expected in zip(made, answers, strict=True):
        assert np.abs(found - expected).max() < NEAR


@pytest.mark.parametrize("grey", [True, False])
@pytest.mark.parametrize("size", [(300, 300), (640, 512), (1, 1)])
def test_pictures_are_made_smaller_to_the_same_bytes(grey: bool, size: tuple[int, int]) -> None:
    shown = np.random.default_rng(1).integers(0, 256, (397, 613, 3), dtype=np.uint8)
    shown[100:200] = 255
    shown = shown[:, :, [1, 1, 1]] if grey else shown
    for picture in (shown, shown[20:50, 300:301], shown[:, :, 0], shown.astype(np.float32)):
        expected = networks._library_resize(picture, size)
        found = networks.resized(picture, size)
        assert found.dtype == expected.dtype and np.array_equal(found, expected)


def test_the_image_network_is_shown_and_keeps_what_the_library_shows_and_keeps() -> None:
    picture = np.repeat((255 * drawing((640, 480)))[:, :, None], 3, axis=2).astype(np.uint8)
    theirs, ours = (networks._Pictures(make_session(str(sessions.FOLDER / sessions.IMAGE))) for _ in range(2))
    networks._library_predict(theirs, picture)
    networks._predict(ours, picture)
    assert np.abs(ours.get_class_logits() - theirs.get_class_logits()).max() < NEAR
    assert ours.get_feature_map().shape == theirs.get_feature_map().shape
    assert ours.get_picture_detections() == theirs.get_picture_detections()
    networks._predict(ours, np.full((40, 30, 3), 200, dtype=np.uint8))  # of one colour: nothing is divided by nothing
    assert np.isfinite(ours.get_class_logits()).all()


def test_another_network_is_left_to_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sessions.KNOWN, sessions.IMAGE, "0" * 64)
    assert sessions.quick_session.__wrapped__(sessions.IMAGE) is None


def test_activations_of_several_slopes_stay_as_they_are() -> None:
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    maps = [helper.make_tensor_value_info(name, number, [1, 2, 3, 3]) for name in ("given", "made")]
    slopes = onnx.numpy_helper.from_array(np.array([[[0.1]], [[0.2]]], dtype=np.float32), "slopes")
    node = helper.make_node("PRelu", ["given", "slopes"], ["made"])
    model = helper.make_model(helper.make_graph([node], "two", maps[:1], maps[1:], [slopes]))
    written = onnx.load_from_string(sessions.with_joined_activations(model.SerializeToString()))
    assert [held.op_type for held in written.graph.node] == ["PRelu"]


def test_networks_are_handed_to_the_library_while_it_is_imported() -> None:
    before = onnxruntime.InferenceSession
    with sessions.handed_to_the_library():
        handed = make_session(str(sessions.FOLDER / sessions.GRID))
        other = make_session(str(sessions.FOLDER / sessions.IMAGE))
        assert onnxruntime.InferenceSession | None  # as the library annotates
    assert handed is sessions.quick_session(sessions.GRID)
    assert sessions.COMBINED in [output.name for output in other.get_outputs()]
    assert onnxruntime.InferenceSession is before
