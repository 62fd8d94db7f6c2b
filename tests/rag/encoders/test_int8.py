"""Encoders with 8-bit weights: the float32 model's rows are the measure, its folder the very one users give."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import transformers
from PIL import Image
from tiny_models import (
    CORPUS,
    save_tiny_align,
    save_tiny_altclip,
    save_tiny_blip2,
    save_tiny_chinese_clip,
    save_tiny_clip,
    save_tiny_deberta,
    save_tiny_metaclip2,
    save_tiny_naflex,
    save_tiny_sentence,
    save_tiny_siglip,
)
from tiny_openclip import save_tiny_openclip

from rag.config import Settings
from rag.encoders.base import Encoder
from rag.encoders.open import open_encoder
from rag.errors import BadSettings, EncoderUnavailable

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [*CORPUS, "pump", " ".join(CORPUS * 3)]
ALIKE = 0.99  # cosine to float32; the tiny models leave .9989 and more


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the file, so that a folder is exported once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _cache(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    return {"clip": save_tiny_clip(root / "clip"), "sentence": save_tiny_sentence(root / "sentence")}


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    noise = np.random.default_rng(0)
    return [Image.fromarray(noise.integers(0, 255, (side, 60, 3), np.uint8)) for side in (40, 60, 90)]


def opened(model: object, **settings: object) -> Encoder:
    words = "sentence" in str(model)
    parts = {"encoder": "builtin", "words": str(model)} if words else {"encoder": str(model), "words": "off"}
    return open_encoder(Settings(**{"precision": "int8", **parts, **settings}))  # type: ignore[arg-type]


def rows_of(encoder: Encoder, pictures: list[Image.Image]) -> np.ndarray:
    """What the model under test gives for the texts, and for the pictures where it sees them."""
    texts, seen = encoder.embed_texts(TEXTS), encoder.embed_images(pictures, [""] * len(pictures))
    part = encoder.parts[0]
    return texts[:, part.start : part.stop] if part.name == "words" else np.vstack([texts, seen])


def check(folder: Path, pictures: list[Image.Image]) -> None:
    plain, encoder = opened(folder, precision="float32"), opened(folder)
    assert (encoder.dim, encoder.parts, encoder.text_window) == (plain.dim, plain.parts, plain.text_window)
    exact, rows = rows_of(plain, pictures), rows_of(encoder, pictures)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert (rows * exact).sum(axis=1).min() > ALIKE
    assert not np.array_equal(rows, exact)
    np.testing.assert_array_equal(rows, rows_of(encoder, pictures))
    np.testing.assert_array_equal(rows, rows_of(opened(folder, batch=2), pictures))
    assert encoder.fingerprint == opened(folder).fingerprint != plain.fingerprint


@pytest.mark.parametrize("name", ["clip", "sentence"])
def test_rows_are_nearly_the_models_own_and_no_row_depends_on_its_batch(
    folders: dict[str, Path], pictures: list[Image.Image], name: str
) -> None:
    check(folders[name], pictures)


@pytest.mark.slow
@pytest.mark.parametrize("save", [save_tiny_siglip, save_tiny_altclip, save_tiny_chinese_clip, save_tiny_metaclip2])
def test_the_same_of_other_dual_encoders(
    tmp_path: Path, pictures: list[Image.Image], save: Callable[[Path], Path]
) -> None:
    check(save(tmp_path), pictures)


@pytest.mark.slow
def test_graphs_that_cannot_be_run_are_refused(tmp_path: Path) -> None:
    folder = save_tiny_deberta(tmp_path / "sentence")
    with pytest.raises(BadSettings, match=r"cannot be had as int8: the export of states\.onnx failed .*bfloat16"):
        opened(folder)
    assert opened(folder, precision="bfloat16").dim


def test_the_spec_carries_it_and_the_reason_tells_it(folders: dict[str, Path]) -> None:
    encoder = opened(folders["clip"])
    assert encoder.picture_spec == f"{folders['clip']}?precision=int8"
    assert f"{folders['clip']}?precision=int8" in encoder.reason
    assert opened(encoder.picture_spec, precision="float32").fingerprint == encoder.fingerprint
    named = open_encoder(Settings(encoder="builtin", words=f"{folders['sentence']}?precision=int8&dim=8"))
    assert named.words_spec == f"{folders['sentence']}?precision=int8&dim=8"


def test_parts_without_weights_have_no_precision(settings: Settings) -> None:
    plain = open_encoder(settings)
    assert open_encoder(Settings(encoder="builtin", words="static", precision="int8")).fingerprint == plain.fingerprint


def test_a_later_start_needs_neither_the_weights_nor_the_exporter(
    folders: dict[str, Path], pictures: list[Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = {name: rows_of(opened(folder), pictures) for name, folder in folders.items()}

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the weights are loaded")

    monkeypatch.setattr(transformers.AutoModel, "from_pretrained", refuse)
    for package in ("onnx", "onnxscript"):
        monkeypatch.setitem(sys.modules, package, None)
    for name, folder in folders.items():
        np.testing.assert_array_equal(rows_of(opened(folder), pictures), first[name])


def test_a_missing_exporter_is_named_with_its_remedy_even_for_auto(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    folder = save_tiny_clip(tmp_path / "clip")
    with pytest.raises(BadSettings, match=r"needs onnxscript once.*pip install -r requirements-int8\.txt"):
        opened(folder)
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize(
    ("save", "prefix", "why"),
    [
        (save_tiny_naflex, "", "NaFlex takes pictures as patches of many shapes"),
        (save_tiny_align, "", "ALIGN sees pictures by convolutions"),
        (save_tiny_blip2, "", "BLIP-2's retrieval head share a network"),
        (save_tiny_openclip, "openclip:", "OpenCLIP's own layout"),
    ],
)
def test_what_has_no_graph_is_refused_with_the_reason_and_the_remedy(
    tmp_path: Path, save: Callable[[Path], Path], prefix: str, why: str
) -> None:
    spec = f"{prefix}{save(tmp_path)}"
    with pytest.raises(BadSettings, match=f"'{spec}.precision=int8' cannot be had as int8: .*{why}.*bfloat16"):
        opened(spec)
    assert opened(spec, precision="bfloat16").dim


def test_a_sentence_encoder_is_still_no_picture_encoder_and_the_reverse(folders: dict[str, Path]) -> None:
    with pytest.raises(EncoderUnavailable, match="BertModel does not embed both text and pictures"):
        open_encoder(Settings(encoder=str(folders["sentence"]), words="static", precision="int8"))
    with pytest.raises(BadSettings, match=r"cannot be had as int8: the export of states\.onnx failed"):
        open_encoder(Settings(encoder="builtin", words=str(folders["clip"]), precision="int8"))


def test_graphs_are_for_the_processor(folders: dict[str, Path]) -> None:
    with pytest.raises(BadSettings, match="PAGESIGHT_DEVICE is 'cuda': use float16"):
        opened(folders["clip"], device="cuda")


def test_an_export_that_fails_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = save_tiny_clip(tmp_path / "clip")
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(EncoderUnavailable, match="picture preprocessing"):
        opened(folder)  # the text tower was exported by then
    assert list((tmp_path / "pagesight/int8").iterdir()) == []


def test_other_weights_have_graphs_of_their_own_and_damaged_ones_are_named(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = opened(folders["sentence"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    handlers = logging.getLogger().handlers[:]
    folder = save_tiny_sentence(tmp_path / "sentence", seed=1)
    assert opened(folder).fingerprint != plain.fingerprint
    assert logging.getLogger().handlers == handlers
    [graph] = (tmp_path / "pagesight/int8").glob("*/states.onnx")
    graph.write_bytes(graph.read_bytes()[:1000])
    with pytest.raises(EncoderUnavailable, match=f"delete the folder {graph.parent}"):
        opened(folder)


@pytest.mark.slow
def test_a_kill_while_exporting_leaves_nothing_that_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = save_tiny_clip(tmp_path / "clip")
    code = (
        "from rag.config import Settings; from rag.encoders.open import open_encoder\n"
        f"open_encoder(Settings(encoder={str(folder)!r}, words='off', precision='int8'))"
    )
    graphs = tmp_path / "pagesight/int8"
    with subprocess.Popen([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        while not list(graphs.glob("*.part/text.onnx")) and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    [part] = graphs.iterdir()
    assert part.suffix == ".part"
    assert opened(folder).dim == 16
    os.utime(part, (0, 0))
    opened(save_tiny_sentence(tmp_path / "sentence"))  # the next export clears what was abandoned long ago
    assert not part.exists() and len(list(graphs.iterdir())) == 2
