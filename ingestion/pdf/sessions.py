"""The layout library's networks, opened once: with kept memory, with their graphs changed where that is faster.

What is changed of them is told in :mod:`ingestion.pdf.networks`. The library opens its networks when it is imported; it
is handed those that are opened here where they take and give the same, so that none is opened twice (a third of a
second of each process's start).
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import onnxruntime

from ingestion.pdf.graph_network import with_split_pairs

Session: Any = onnxruntime.InferenceSession
FOLDER = Path(str(getattr(find_spec("pymupdf"), "origin", ""))).parent / "layout" / "resources" / "onnx"
IMAGE, GRAPH, GRID = "feature_imf1.onnx", "layout_rf2.4.1+imf1.onnx", "table_grid_model_v4_ep.onnx"
KNOWN = {  # SHA-256
    IMAGE: "27e30224174d760ca28536b7ca498133745b6b73ad091d67b2acb3617ce1ae51",
    GRAPH: "9602ca3f4e4f34b50551ccd2af81bea4af7010bd61b2cc10e77de6f7b125cb20",
    GRID: "ec5d393e6fce44ac692ea75e11f0183ea4dcfca1ea434abc38395a1396cd815e",
}
FATAL = 4  # onnxruntime's severity: errors are raised anyway
COMBINED, SCORES = "combined", "logits"  # outputs of the image network


@contextlib.contextmanager
def handed_to_the_library() -> Iterator[None]:
    """While the library is imported: the networks that it opens are those from here, but for the image network, whose
    answers are others."""

    class Handed(Session):  # type: ignore[misc]  # a class of the C++ library, untyped
        def __new__(cls, path: Any, *_: Any, **__: Any) -> Any:
            name = Path(path).name if isinstance(path, str) else ""
            return (quick_session(name) if name in (GRAPH, GRID) else None) or super().__new__(cls)

    onnxruntime.InferenceSession = Handed
    try:
        yield
    finally:
        onnxruntime.InferenceSession = Session


@cache
def quick_session(name: str) -> Any:
    """A session of one of the library's networks; None where it is not one of those known."""
    path = FOLDER / name
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != KNOWN[name]:
        return None
    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = name != GRAPH
    options.log_severity_level = FATAL
    return Session(_changed(name, content), options, providers=["CPUExecutionProvider"])


def _changed(name: str, content: bytes) -> bytes:
    if name == IMAGE:
        return with_small_maps(with_joined_activations(content))
    return with_split_pairs(content) if name == GRAPH else content


def with_joined_activations(graph: bytes) -> bytes:
    """The network, its activations of one slope (PRelu with a single number) written as LeakyRelu."""
    import onnx

    model = onnx.load_from_string(graph)
    slopes = {held.name: held for held in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != "PRelu" or node.input[1] not in slopes:
            continue
        slope = onnx.numpy_helper.to_array(slopes[node.input[1]])
        if slope.size == 1:
            node.op_type = "LeakyRelu"
            del node.input[1]
            node.attribute.append(onnx.helper.make_attribute("alpha", float(slope.item())))
    written: bytes = model.SerializeToString()
    return written


def with_small_maps(graph: bytes) -> bytes:
    """The network, with the maps that it would enlarge and lay together as outputs in their place, in that order."""
    import onnx

    model = onnx.load_from_string(graph)
    made_by = {name: node for node in model.graph.node for name in node.output}
    enlarged = [made_by[name] for name in made_by[COMBINED].input]
    assert all(node.op_type == "Resize" for node in enlarged), "the maps are not enlarged before they are laid together"
    names = [*(node.input[0] for node in enlarged), SCORES]
    needed, kept = set(names), []
    for node in reversed(model.graph.node):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    del model.graph.node[:], model.graph.output[:]
    model.graph.node.extend(reversed(kept))
    model.graph.output.extend(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names)
    written: bytes = model.SerializeToString()
    return written
