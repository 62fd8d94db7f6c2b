"""A BERT encoder as an ONNX graph whose matrices are 8-bit numbers; the one that writes graphs for packaged weights.

Dynamic quantisation rounds what flows into a matrix by the largest number of the whole text, and a few channels of a
BERT are a hundred times larger than the others. So each channel is divided by a factor, and its row of the matrix
multiplied by it, that shares the difficulty between the two (Xiao et al. 2023, "SmoothQuant"). Measured on
multilingual-e5-small, 60 passages of 33 tokens: cosine to the 32-bit vectors .9961 → .9987 on average and .993 → .998
at worst, at the same 9 ms per passage on one core (32 bits: 19 ms).

Weights are rounded to 7 bits: with 8, sums overflow 16 bits unnoticed on processors without VNNI.

Norms are written as single operations: onnxruntime's joined one goes number by number and takes a sixth of the time
(128 tokens of E5: 33.7 → 30.5 ms, 2026-11-29). Vectors differ by what the rounding to 8 bits makes of the last digit
(cosine .9998), as between processors.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from rag.encoders.packaged.weights import BertWeights
from rag.types import Float32Array

OPSET, IR_VERSION = 17, 9
DIFFICULTY = 0.65
"""Share of it that moves from the channels to the matrix. Mean cosine to 32 bits over 38 texts at .5, .65, .8, .9:
.9975, .9986, .9974, .9956 (E5), .9886, .9953, .9924, .9869 (MiniLM)."""
STEPS = 8  # factors are rounded to this share of a power of two, so that all processors make the same graph
LEAST = 1e-5
PREPARED = {"onnx.quant.pre_process": "onnxruntime.quant"}  # there is nothing to join: keeps the quantizer from warning
MICROSOFT = "com.microsoft"  # onnxruntime's own operations, which join several of the standard's


def made(weights: BertWeights, samples: Iterable[Sequence[int]]) -> bytes:
    """The graph of ``weights`` as a file's bytes; ``samples`` are tokens of :data:`SAMPLES`. Takes seconds."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = graph_of(weights, _factors(weights, _largest(weights, samples)))
    helper.set_model_props(plain, PREPARED)
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder, "small.onnx")
        quantize_dynamic(
            plain,
            small,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            extra_options={"DefaultTensorType": TensorProto.FLOAT},  # it cannot infer types behind joined operations
        )
        return small.read_bytes()


def graph_of(weights: BertWeights, factors: Mapping[str, Float32Array] | None = None, inner: bool = False) -> Any:
    """The graph in 32 bits: ``embedded`` (texts, tokens, width) to ``states`` of the same shape. With ``inner`` it also
    gives what flows into each matrix, by the name that ``factors``, (channels,) each, go by.
    """
    builder = _Builder(weights, factors or {})
    states = builder.built()
    shape = ["texts", "tokens", weights.width]
    outputs = [helper.make_tensor_value_info(states, TensorProto.FLOAT, shape)]
    if inner:
        outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in builder.inputs]
    graph = helper.make_graph(
        builder.nodes,
        "bert",
        [helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape)],
        outputs,
        builder.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)


class _Builder:
    """Writes the layers one after another. ``inputs``: name of what flows into matrices, to those matrices."""

    def __init__(self, weights: BertWeights, factors: Mapping[str, Float32Array]) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self.inputs: dict[str, list[Float32Array]] = {}
        self._weights, self._factors = weights, factors
        self._even: dict[str, str] = {}

    def built(self) -> str:
        self._constant("share", np.array(1 / self._weights.width))
        self._constant("epsilon", np.array(self._weights.epsilon))
        states = self._norm("embedded", "states", *self._weights.norm)
        for number, layer in enumerate(self._weights.layers):
            states = self._layer(states, f"layer{number}", layer)
        return states

    def _layer(self, states: str, name: str, layer: Mapping[str, Float32Array]) -> str:
        looked = [self._times(states, f"{name}.{part}", layer, part) for part in ("query", "key", "value")]
        self._node("MultiHeadAttention", looked, f"{name}.mixed", MICROSOFT, num_heads=self._weights.heads)
        attended = self._times(f"{name}.mixed", f"{name}.attended", layer, "attended")
        after = self._normed(states, attended, f"{name}.after", layer, "attended")
        inner = self._times(after, f"{name}.inner", layer, "inner")
        self._node("Gelu", [inner], f"{name}.active", MICROSOFT)
        outer = self._times(f"{name}.active", f"{name}.outer", layer, "outer")
        return self._normed(after, outer, f"{name}.states", layer, "outer")

    def _times(self, given: str, name: str, layer: Mapping[str, Float32Array], part: str) -> str:
        """``given`` by a matrix, its bias added."""
        self.inputs.setdefault(given, []).append(layer[part])
        matrix, factor = layer[part], self._factors.get(given)
        if factor is not None:
            matrix, given = matrix * factor[:, None], self._evened(given, factor)
        self._node("MatMul", [given, self._constant(f"{name}.matrix", matrix)], f"{name}.product")
        self._node("Add", [f"{name}.product", self._constant(f"{name}.bias", layer[f"{part}.bias"])], name)
        return name

    def _evened(self, given: str, factor: Float32Array) -> str:
        if given not in self._even:
            self._even[given] = f"{given}.even"
            self._node("Mul", [given, self._constant(f"{given}.factor", np.reciprocal(factor))], f"{given}.even")
        return self._even[given]

    def _normed(self, given: str, added: str, name: str, layer: Mapping[str, Float32Array], part: str) -> str:
        self._node("Add", [given, added], f"{name}.sum")
        return self._norm(f"{name}.sum", name, layer[f"{part}.gain"], layer[f"{part}.shift"])

    def _norm(self, given: str, name: str, gain: Float32Array, shift: Float32Array) -> str:
        """``given`` less its mean, by its deviation, times ``gain`` plus ``shift``."""
        self._node("ReduceMean", [given], f"{name}.mean", axes=[-1])
        self._node("Sub", [given, f"{name}.mean"], f"{name}.apart")
        self._node("ReduceSumSquare", [f"{name}.apart"], f"{name}.squares", axes=[-1])
        self._node("Mul", [f"{name}.squares", "share"], f"{name}.variance")
        self._node("Add", [f"{name}.variance", "epsilon"], f"{name}.above")
        self._node("Sqrt", [f"{name}.above"], f"{name}.deviation")
        self._node("Div", [f"{name}.apart", f"{name}.deviation"], f"{name}.normal")
        self._node("Mul", [f"{name}.normal", self._constant(f"{name}.gain", gain)], f"{name}.scaled")
        self._node("Add", [f"{name}.scaled", self._constant(f"{name}.shift", shift)], name)
        return name

    def _node(self, kind: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> None:
        name = output if kind == "MatMul" else None  # the quantizer wants matrices named
        self.nodes.append(helper.make_node(kind, inputs, [output], name=name, domain=domain, **attributes))

    def _constant(self, name: str, values: Float32Array) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name))
        return name


def _largest(weights: BertWeights, samples: Iterable[Sequence[int]]) -> dict[str, Float32Array]:
    """The largest number of each channel that flows into a matrix: (channels,) by name."""
    session = onnxruntime.InferenceSession(
        graph_of(weights, inner=True).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()][1:]
    largest: dict[str, Float32Array] = {}
    for tokens in samples:
        found = cast("list[Float32Array]", session.run(names, {"embedded": weights.embedded(tokens)[None]}))
        for name, values in zip(names, found, strict=True):
            size = np.abs(values[0]).max(axis=0)
            largest[name] = np.maximum(largest.get(name, size), size)
    return largest


def _factors(weights: BertWeights, largest: Mapping[str, Float32Array]) -> dict[str, Float32Array]:
    builder = _Builder(weights, {})
    builder.built()
    result = {}
    for name, matrices in builder.inputs.items():
        rows = np.max([np.abs(matrix).max(axis=1) for matrix in matrices], axis=0)
        shares = np.maximum(largest[name], LEAST) ** DIFFICULTY / np.maximum(rows, LEAST) ** (1 - DIFFICULTY)
        logs = np.log2(shares)
        result[name] = np.exp2(np.round((logs - logs.mean()) * STEPS) / STEPS).astype(np.float32)
    return result
