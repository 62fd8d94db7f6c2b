"""The alignment: pairs of a library, training that finds what there is to find and nothing else, and its use."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_documents import make_document
from tiny_models import CORPUS, save_tiny_clip

from ingestion.elements import BBox, Chunk, Region
from rag.__main__ import main
from rag.alignment.align import align, shorten
from rag.alignment.pairs import Pair, picture_pairs, text_pairs
from rag.alignment.train import train
from rag.config import Settings
from rag.encoders.open import open_encoder
from rag.encoders.parts import unit
from rag.encoders.projection import Projection, read
from rag.errors import BadSettings, EncoderUnavailable, StoreError
from rag.index import Index

DIM = 16


def nothing(done: int, total: int) -> None:
    """No progress is shown."""


def chunk(kind: str, text: str, **more: str) -> Chunk:
    return Chunk(f"{kind}{text[:5]}", "d", kind, text, (Region(1, BBox(0, 0, 9, 9)),), **more)  # type: ignore[arg-type]


def rows(count: int, seed: int) -> np.ndarray:
    return unit(np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32))


def owners(count: int) -> list[str]:
    return [f"document {number % 10}" for number in range(count)]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    root = tmp_path_factory.mktemp("library")
    clip = save_tiny_clip(root / "clip")
    settings = Settings(index=root / "index", encoder=str(clip), words="static")
    with Index.open(settings, create=True) as index:
        for number in range(6):
            folder = index.files.stage()
            index.store(make_document(folder, number, pages=10), folder)
    return replace(settings, encoder="auto", words="auto")


def test_pairs_are_what_belongs_together() -> None:
    figure = chunk(
        "figure", "pump and valve", caption="Figure 1: The water circuit", heading="3 Water",
        mentions="As figure 1 shows, water circulates.\nMore.", image="crops/1.webp",
    )  # fmt: skip
    passage = chunk(
        "text",
        "Open the flap at the back. Turn the red screw to the left. Wait until the plate is cool.",
        heading="How to clean",
    )
    assert list(text_pairs([figure, chunk("page", "a page of words")], 0)) == [
        Pair("caption", "d", "Figure 1: The water circuit", f"pump and valve\n{figure.mentions}\n3 Water"),
        Pair("mention", "d", "As figure 1 shows, water circulates.", f"{figure.caption}\npump and valve\n3 Water"),
    ]
    heading, sentence = text_pairs([passage], 1)
    assert heading == Pair("heading", "d", "How to clean", passage.text)
    assert sentence.how == "sentence" and sentence.asked in passage.text and sentence.asked not in sentence.told
    again = replace(passage, text="Something else stands here under the same heading.")
    assert [pair.how for pair in text_pairs([passage, again], 1)].count("heading") == 1
    assert list(picture_pairs([figure, passage])) == [Pair("picture", "d", figure.caption, image="crops/1.webp")]


def test_a_hidden_turn_is_found_and_the_same_seed_gives_the_same_matrices() -> None:
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(DIM, DIM)))[0].astype(np.float32)
    left = rows(800, 2)
    right = unit((left @ turn + 0.1 * rows(800, 3)).astype(np.float32))
    found = train(left, right, owners(800), shared=False, seed=0)
    assert found.before.found < 0.05 and found.after.found > 0.95 and found.epochs > 0
    assert len(found.held_out) == 2
    again = train(left, right, owners(800), shared=False, seed=0)
    np.testing.assert_array_equal(found.left, again.left)
    np.testing.assert_array_equal(found.right, again.right)
    assert train(left, right, owners(800), shared=False, seed=1).held_out != found.held_out


def test_noisy_numbers_are_turned_down_by_one_matrix_for_both_sides() -> None:
    meaning = rows(800, 5)
    noise = [np.pad(2.0 * rows(800, seed)[:, : DIM // 2], ((0, 0), (DIM // 2, 0))) for seed in (6, 7)]
    meaning[:, DIM // 2 :] = 0
    left, right = (unit((meaning + extra).astype(np.float32)) for extra in noise)
    found = train(left, right, owners(800), shared=True, seed=0)
    assert found.after.found > 2 * found.before.found
    np.testing.assert_array_equal(found.left, found.right)
    sizes = np.linalg.norm(found.left, axis=1)
    assert sizes[: DIM // 2].min() > sizes[DIM // 2 :].max()


def test_where_nothing_belongs_together_nothing_is_learnt() -> None:
    found = train(rows(600, 2), rows(600, 3), owners(600), shared=True, seed=0)
    assert found.epochs == 0 and found.before == found.after
    np.testing.assert_array_equal(found.left, np.eye(DIM, dtype=np.float32))


def test_an_aligned_part_is_the_turned_part_under_another_fingerprint(tmp_path: Path) -> None:
    plain = open_encoder(Settings(encoder="builtin", words="static"))
    matrix = np.random.default_rng(0).normal(size=(256, 256)).astype(np.float32)
    path = tmp_path / "turn.safetensors"
    Projection(matrix, matrix, plain.facts["words part"], {"seed": 3}).write(path)
    assert read(path).facts == {"seed": 3}
    turned = open_encoder(Settings(encoder="builtin", words=f"static?dim=64&align={path}"))
    expected = unit(unit(plain.embed_texts(CORPUS)[:, :256] @ matrix)[:, :64])
    np.testing.assert_allclose(turned.embed_texts(CORPUS)[:, :64], expected, atol=1e-5)
    assert turned.fingerprint != plain.fingerprint
    again = open_encoder(Settings(encoder="builtin", words=turned.words_spec))
    assert again.fingerprint == turned.fingerprint
    Projection(matrix + 1e-3, matrix, plain.facts["words part"], {}).write(path)
    assert open_encoder(Settings(encoder="builtin", words=turned.words_spec)).fingerprint != turned.fingerprint
    assert not turned.embed_texts([" "]).any()


def test_matrices_in_any_order_of_memory_are_read_as_they_were(tmp_path: Path) -> None:
    matrix = np.random.default_rng(1).normal(size=(6, 4)).astype(np.float32)
    Projection(np.asfortranarray(matrix), matrix[:, ::2], "any", {}).write(tmp_path / "turn.safetensors")
    found = read(tmp_path / "turn.safetensors")
    np.testing.assert_array_equal(found.text, matrix)
    np.testing.assert_array_equal(found.image, matrix[:, ::2])


def test_an_alignment_of_another_encoder_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "turn.safetensors"
    matrix = np.eye(256, dtype=np.float32)
    Projection(matrix, matrix, "another identity", {}).write(path)
    with pytest.raises(EncoderUnavailable, match="made for another encoder than static"):
        open_encoder(Settings(encoder="builtin", words=f"static?align={path}"))
    path.write_bytes(b"torn")
    with pytest.raises(EncoderUnavailable, match=r"cannot be read.*rag align"):
        open_encoder(Settings(encoder="builtin", words=f"static?align={path}"))
    with pytest.raises(EncoderUnavailable, match="cannot be read"):
        open_encoder(Settings(encoder="builtin", words="static?align=/nowhere/turn.safetensors"))


def test_the_command_aligns_reindex_uses_it_and_the_index_remembers(
    library: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "made" / "turn.safetensors"
    command = ["align", "--index", str(library.index), "--part", "picture", "--out", str(file), "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pairs"] == {"picture": 120} and told["documents"] == 6 and told["held_out"] == 1
    assert told["after"]["loss"] < told["before"]["loss"] and told["spec"].endswith(f"?align={file}")
    assert main(command[:-1]) == 0
    assert f"reindex --encoder '{told['spec']}' --words static --gate" in capsys.readouterr().out
    with Index.open(library) as index:
        before = index.encoder.fingerprint
        assert index.reindex(encoder=told["spec"])
    with Index.open(library) as index:
        assert index.encoder.picture_spec == told["spec"] and index.encoder.fingerprint != before
        assert index.check() == []
        found = align(index, "picture", tmp_path / "second.safetensors", 0, nothing)
        assert found.trained.before.loss == pytest.approx(told["before"]["loss"], abs=1e-4)  # from the bare part again
        index.rollback()
        assert index.encoder.fingerprint == before


def test_what_cannot_be_aligned_is_said(library: Settings, tmp_path: Path) -> None:
    with Index.open(library) as index, pytest.raises(StoreError, match="an alignment needs 100 from 2"):
        align(index, "words", tmp_path / "x", 0, nothing)
    plain = Settings(index=tmp_path / "plain", encoder="builtin", words="static")
    with Index.open(plain, create=True) as index, pytest.raises(BadSettings, match="'builtin', which reads no text"):
        align(index, "picture", tmp_path / "x", 0, nothing)


def test_vectors_are_shortened_to_their_main_directions(
    library: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "short.safetensors"
    command = ["align", "--index", str(library.index), "--pca", "20", "--out", str(file), "--json"]
    assert main(command) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["words"] == f"static?align={file}" and 0.9 < told["share"] < 1.0
    short = open_encoder(Settings(encoder="builtin", words=told["words"]))
    whole = open_encoder(Settings(encoder="builtin", words="static"))
    assert short.parts[0].stop == 20
    texts = ["To clean the door seal of model 3, open flap 10.", "Turn the screw of the spin motor."]
    ours, all_of_it = short.embed_texts(texts)[:, :20], whole.embed_texts(texts)[:, :256]
    assert float(ours[0] @ ours[1]) == pytest.approx(float(all_of_it[0] @ all_of_it[1]), abs=0.1)
    with Index.open(library) as index:
        for wrong in (0, 256):
            with pytest.raises(BadSettings, match="cannot be shortened to"):
                shorten(index, "words", wrong, file)
