"""Pictures found by words: the maths of a lift, and (slow) a tiny CLIP before and after it has learnt to see."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from shapes_clip import save_untrained, train_shapes_clip
from shapes_library import ShapeQuestion, library, recall, write_library

from rag.config import Settings
from rag.index import Index
from rag.retrieval.picture_channel import PICTURE_WEIGHT, certainty, lifted, standing
from rag.storage.vectors.calibration import Ability


def test_a_lift_is_measured_by_what_words_tell_apart() -> None:
    scores = np.array([-1.0, -3.0, -5.0])
    assert lifted(scores, [0.0, 0.0, 0.0]) is scores
    assert lifted(scores, [0.0, 0.0, 0.5]).tolist() == [-1.0, -3.0, -5.0 + PICTURE_WEIGHT * 0.5 * 4.0]
    assert lifted(np.zeros(0), []).tolist() == []
    assert lifted(scores / 2, [0.0, 0.25, 0.0]).tolist() == (lifted(scores, [0.0, 0.25, 0.0]) / 2).tolist()


def test_a_picture_is_lifted_by_little_where_words_are_sure() -> None:
    sure, lift = np.array([-1.0, -9.0, -9.0]), [0.0, 0.0, 1.0]
    assert lifted(sure, lift).argmax() == 0
    assert lifted(sure / 4, lift).argmax() == 2


def test_a_picture_that_any_words_would_find_is_not_lifted() -> None:
    ability = Ability(50, 80, 0.8, 0.1, 0.6, least=0.2, sure=0.6)
    assert certainty(np.array([0.1, 0.2, 0.4, 0.6, 0.9]), ability).tolist() == pytest.approx([0.0, 0.0, 0.5, 1.0, 1.0])
    assert standing(np.array([0.9, 0.5, 0.3, 0.1, 0.0])).tolist() == pytest.approx([1.0, 1 / 3, 0.0, 0.0, 0.0])
    assert standing(np.zeros(0)).tolist() == []


@pytest.fixture(scope="module")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[ShapeQuestion]]:
    """The folder of an index made with the model before training, beside ``trained``, the model after; the
    questions."""
    root = tmp_path_factory.mktemp("shapes")
    questions = write_library(root / "pdfs")
    untrained = str(save_untrained(root / "untrained"))
    train_shapes_clip(root / "trained")
    settings = Settings(index=root / "index", encoder=untrained, words="static", ocr="off", workers=1)
    library(settings, root / "pdfs").close()
    return root, questions


@contextmanager
def _changed(root: Path, copy: Path, encoder: Path) -> Iterator[Index]:
    shutil.copytree(root / "index", copy)
    with Index.open(Settings(index=copy)) as index:
        assert index.reindex(str(encoder))
        yield index


@pytest.mark.slow
def test_training_makes_the_channel_heard_and_it_finds_what_words_cannot(
    shapes: tuple[Path, list[ShapeQuestion]], tmp_path: Path
) -> None:
    root, questions = shapes
    with Index.open(Settings(index=root / "index")) as before:
        known = before.calibration
        assert known is not None and known.kinds["figure"].reliability < 0.1
        by_words = recall(before, questions, "bare", 5, channel=False)
        assert recall(before, questions, "bare", 5, channel=True) == pytest.approx(by_words, abs=0.1)
    with _changed(root, tmp_path / "copy", root / "trained") as after:
        known = after.calibration
        assert known is not None and known.kinds["figure"].reliability > 0.4
        by_words = recall(after, questions, "bare", 5, channel=False)
        assert recall(after, questions, "bare", 5, channel=True) > by_words + 0.3
        facts = [recall(after, questions, "fact", 1, channel) for channel in (False, True)]
        assert facts[1] >= facts[0]


@pytest.mark.slow
def test_the_text_tower_of_another_training_is_not_heard(
    shapes: tuple[Path, list[ShapeQuestion]], tmp_path: Path
) -> None:
    import torch
    from transformers import CLIPModel

    root, _ = shapes
    shutil.copytree(root / "trained", tmp_path / "broken")
    model = CLIPModel.from_pretrained(tmp_path / "broken")
    torch.manual_seed(1)
    for parameter in model.text_model.parameters():
        parameter.data = parameter.data.flatten()[torch.randperm(parameter.numel())].view_as(parameter)
    model.save_pretrained(tmp_path / "broken")
    with _changed(root, tmp_path / "copy", tmp_path / "broken") as index:
        known = index.calibration
        assert known is not None and known.kinds["figure"].reliability < 0.1
