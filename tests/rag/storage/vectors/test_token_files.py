"""Tokens of passages on disk: what is written is read, to the precision of four bits; what is damaged is not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rag.encoders.parts import TokenStates, unit
from rag.storage.vectors.token_files import listed, pack, read, written

WIDTH = 128


def states(count: int, seed: int, width: int = WIDTH) -> TokenStates:
    chance = np.random.default_rng(seed)
    numbers = chance.integers(0, 250_000, count).astype(np.uint32)
    return TokenStates(numbers, unit(chance.standard_normal((count, width)).astype(np.float32)))


def test_tokens_are_read_as_they_were_written(tmp_path: Path) -> None:
    first, second, other = states(5, 1), states(70, 2), states(3, 3)
    path = tmp_path / "document.tokens"
    passages = [pack("a", "e5", first), pack("none", "e5", states(0, 4)), pack("a", "e5", second)]
    path.write_bytes(written([*passages, pack("b", "minilm", other)]))
    found = listed(path)
    assert found is not None and found.row == 4 + WIDTH // 2 and set(found.passages) == {"a", "b"}
    assert path.stat().st_size - found.passages["a"][0].start == found.row * (5 + 70 + 3)
    assert [place.reader for place in found.passages["b"]] == ["minilm"]
    places = [*found.passages["b"], *found.passages["a"]]
    back = read(path, found.row, places)
    assert back is not None
    for given, got in zip((other, first, second), back, strict=True):
        assert got.numbers.tolist() == given.numbers.tolist()
        assert np.allclose(np.linalg.norm(got.states, axis=1), 1.0, atol=1e-5)
        assert float(np.vecdot(got.states, given.states).min()) > 0.98


def test_an_odd_width_and_a_state_of_zeros_are_kept(tmp_path: Path) -> None:
    given = TokenStates(np.array([7, 8], dtype=np.uint32), np.array([[0.6, 0.0, -0.8], [0, 0, 0]], dtype=np.float32))
    path = tmp_path / "document.tokens"
    path.write_bytes(written([pack("a", "e5", given)]))
    found = listed(path)
    assert found is not None
    (back,) = read(path, found.row, found.passages["a"]) or [given]
    assert back is not given
    assert back.states[0, :3].tolist() == pytest.approx([0.6, 0.0, -0.8], abs=0.06)
    assert not back.states[:, 3:].any() and not back.states[1].any()


def test_what_is_missing_cut_short_or_no_such_file_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "document.tokens"
    assert listed(path) is None
    path.write_bytes(written([pack("a", "e5", states(4, 1))]))
    found = listed(path)
    assert found is not None
    path.write_bytes(path.read_bytes()[:-1])
    assert read(path, found.row, found.passages["a"]) is None
    for other in (b"", b"\xff\x00\n", b"[1, 2]\n", b'{"row": 8}\n', b'{"row": 8, "passages": [["a"]]}\n'):
        path.write_bytes(other)
        assert listed(path) is None
    path.unlink()
    assert read(path, found.row, found.passages["a"]) is None


def test_a_file_of_no_passages_lists_none(tmp_path: Path) -> None:
    path = tmp_path / "document.tokens"
    path.write_bytes(written([]))
    assert listed(path) == (4, {})
