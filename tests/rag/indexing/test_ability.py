"""How well pictures are found by words, on made vectors: guessing is not heard, knowing is, few captions whisper."""

from __future__ import annotations

import numpy as np
import pytest

from rag.indexing.ability import LEAST_QUESTIONS, Asked, groups_of, lower_bound, measure, ranks_of
from rag.storage.vectors.calibration import Ability
from rag.types import Float32Array

DIM = 32


def _units(count: int, seed: int) -> Float32Array:
    rows = np.random.default_rng(seed).normal(size=(count, DIM)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _asked(captions: Float32Array, pictures: Float32Array, passages: int = 40) -> Asked:
    """Caption i belongs to picture i."""
    count = len(captions)
    none = np.zeros((count, len(pictures)), dtype=np.bool_)
    return Asked(captions, np.arange(count), pictures - pictures.mean(axis=0), none, _units(passages, 99))


def _near(pictures: Float32Array, noise: float, seed: int = 5) -> Float32Array:
    """Captions that lie near their pictures."""
    rows = pictures + noise * _units(len(pictures), seed)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.mark.parametrize("count", [10, 30, 128])
@pytest.mark.parametrize("seed", range(20))
def test_an_encoder_that_guesses_is_not_heard(count: int, seed: int) -> None:
    found = measure(_asked(_units(count, seed), _units(3 * count, seed + 100)))
    assert found.reliability < 0.1
    assert count < 128 or found.found == pytest.approx(found.chance, abs=0.1)


def test_one_that_knows_is_heard_and_more_captions_make_it_louder() -> None:
    reliability = []
    for count in (8, 20, 60, 128):
        pictures = _units(count, 1)
        reliability.append(measure(_asked(_near(pictures, 0.3), pictures)).reliability)
    assert reliability == sorted(reliability)
    assert 0.3 < reliability[0] < 0.5
    assert reliability[-1] > 0.9


def test_less_is_found_with_more_noise() -> None:
    pictures = _units(100, 1)
    found = [measure(_asked(_near(pictures, noise), pictures)).reliability for noise in (0.5, 1.5, 3.0, 50.0)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.8 and found[-1] < 0.1


def test_three_captions_say_nothing_whatever_they_find() -> None:
    pictures = _units(300, 1)
    assert measure(_asked(_near(pictures[:3], 0.1), pictures)) == Ability(3, 300)
    few = _units(LEAST_QUESTIONS - 1, 1)
    assert measure(_asked(_near(few, 0.1), few)).reliability == 0.0


def test_a_text_tower_that_says_the_same_of_all_or_belongs_to_another_model_is_not_heard() -> None:
    pictures = _units(60, 1)
    same = np.repeat(_units(1, 2), 60, axis=0)
    assert measure(_asked(same, pictures)).reliability < 0.1
    assert measure(_asked(np.zeros_like(pictures), pictures)).reliability < 0.1
    shuffled = _near(pictures, 0.1)[np.random.default_rng(3).permutation(60)]
    assert measure(_asked(shuffled, pictures)).reliability < 0.1


@pytest.mark.parametrize("noise", [0.0, 1e-4])
def test_where_all_crops_are_one_picture_nothing_can_be_told_apart(noise: float) -> None:
    pictures = np.repeat(_units(1, 1), 40, axis=0) + noise * _units(40, 2)
    found = measure(_asked(_near(pictures, 0.3), pictures))
    assert found.reliability < 0.1


def test_a_logo_on_every_page_counts_once() -> None:
    pictures = _units(40, 1)
    with_logos = np.concatenate([pictures, np.repeat(pictures[:1], 200, axis=0) + 1e-3 * _units(200, 2)])
    assert len(np.unique(groups_of(with_logos))) == 40
    captions = np.concatenate([_near(pictures, 0.3), np.repeat(_near(pictures[:1], 0.3), 200, axis=0)])
    none = np.zeros((240, 240), dtype=np.bool_)
    found = measure(Asked(captions, np.arange(240), with_logos - pictures.mean(axis=0), none, _units(40, 9)))
    assert (found.questions, found.pictures) == (40, 40)
    assert found.reliability > 0.7


def test_what_is_no_wrong_answer_does_not_push_the_right_one_down() -> None:
    scores, wrong = np.array([[0.9, 0.5, 0.4]]), np.array([[True, False, True]])
    own = np.array([0.5])
    assert ranks_of(scores, own, wrong).tolist() == [2.0]
    assert ranks_of(scores, own, np.array([[False, False, True]])).tolist() == [1.0]
    assert ranks_of(np.array([[0.5, 0.5, 0.5]]), own, np.array([[True, False, True]])).tolist() == [2.0]


def test_wilsons_bound_is_that_of_the_table() -> None:
    assert lower_bound(1.0, 8) == pytest.approx(8 / (8 + 2.33**2))
    assert lower_bound(0.0, 50) == 0.0
    assert lower_bound(0.5, 10_000) == pytest.approx(0.5, abs=0.012)


def test_what_any_words_score_is_told_by_passages_and_what_is_sure_by_captions() -> None:
    pictures = _units(100, 1)
    found = measure(_asked(_near(pictures, 0.3), pictures))
    strangers = (_units(500, 77) @ (pictures - pictures.mean(axis=0)).T).max(axis=1)
    assert np.mean(strangers > found.sure) < 0.1
    assert 0.3 < np.mean(strangers > found.least) < 0.7
