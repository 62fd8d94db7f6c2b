"""Sounds of a recording are named by a CLAP model of a folder: tiny, with random weights, through the same loading."""

from __future__ import annotations

import json
import shutil
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ingestion.elements import lines_file
from ingestion.errors import UnreadableFile
from ingestion.page_content import ParseOptions
from ingestion.parse import parse_pdf
from ingestion.recordings import sounds
from ingestion.settings import ReadingSettings
from ingestion.workers.parse import parse_in_worker

pytest.importorskip("av", reason="recordings are read by PyAV: pip install -r requirements-media.in")
RATE = 16_000


def heard() -> NDArray[np.float32]:
    """Two seconds of a tone, two of silence, three times the same second of noise."""
    moments = np.arange(2 * RATE) / RATE
    noise = np.tile(np.random.default_rng(3).standard_normal(RATE) * 0.2, 3)
    parts = [0.5 * np.sin(2 * np.pi * 440 * moments), np.zeros(2 * RATE), noise]
    return np.clip(np.concatenate(parts), -1, 1).astype(np.float32)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sounds") / "dryer.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((heard() * 32767).astype("<i2").tobytes())
    return path


def best_name(model: Path, window: NDArray[np.float32]) -> str:
    """As the documentation of transformers classifies a sound; empty where it is an ordinary one."""
    import torch
    from transformers import AutoProcessor, ClapModel

    names = [*sounds.NAMES, *sounds.ORDINARY]
    processor: Any = AutoProcessor.from_pretrained(model)
    clap: Any = ClapModel.from_pretrained(model)
    texts = processor.tokenizer([f"This is a sound of {one}" for one in names], padding=True, return_tensors="pt")
    asked = processor.feature_extractor([window], sampling_rate=RATE, return_tensors="pt")
    with torch.inference_mode():
        found = clap.eval()(texts["input_ids"], attention_mask=texts["attention_mask"], **asked)
    shares = found.logits_per_audio[0].softmax(0)
    best = int(shares.argmax())
    return names[best] if names[best] not in sounds.ORDINARY and shares[best] >= sounds.LEAST else ""


TONE, NOISE = slice(0, RATE), slice(4 * RATE, 5 * RATE)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of some random ones the first that tells the tone from the noise, and names both."""
    from tiny_models import save_tiny_clap

    made = (save_tiny_clap(tmp_path_factory.mktemp("clap"), seed) for seed in range(20))
    return next(one for one in made if len({"", best_name(one, heard()[TONE]), best_name(one, heard()[NOISE])}) == 3)


def test_sounds_stand_on_the_page_with_their_moments(model: Path, recording: Path, tmp_path: Path) -> None:
    document = parse_pdf(recording, tmp_path, ParseOptions(ocr="off", sounds=str(model)))
    said = [element.text for element in document.elements if element.kind == "text"]
    names = best_name(model, heard()[TONE]), best_name(model, heard()[NOISE])
    assert said == [f"Sound: {name}." for name in names]
    assert ["nothing of what is said" in problem.message for problem in document.problems] == [True]  # still
    lines = [line[0] for line in json.loads((tmp_path / lines_file(1)).read_text())]
    assert all(any(moment in line for line in lines) for moment in ("00:00", "00:04"))
    assert all(any(name in chunk.text for chunk in document.chunks) for name in names)


@pytest.mark.slow
def test_a_child_that_is_shut_in_hears_the_same(model: Path, recording: Path, tmp_path: Path) -> None:
    options = ParseOptions(ocr="off", sounds=str(model))
    in_child = parse_in_worker(recording, tmp_path / "child", options)
    assert in_child.elements == parse_pdf(recording, tmp_path / "here", options).elements
    assert in_child.elements


def test_names_of_a_list_replace_ours(model: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(model, tmp_path / "listed"))
    (folder / "sounds.txt").write_text("Lagerschaden\n\n  ein Klappern \nLagerschaden\n", encoding="utf-8")
    assert sounds._opened(str(folder))[2] == ("Lagerschaden", "ein Klappern")
    assert {cue.text for cue in sounds.Sounds(str(folder)).cues(heard(), 0.0)} <= {
        "Sound: Lagerschaden.", "Sound: ein Klappern."
    }  # fmt: skip


def test_neighbouring_windows_of_one_sound_are_one_cue(model: Path) -> None:
    cues = sounds.Sounds(str(model)).cues(heard(), 60.0)
    assert [(cue.start, cue.end) for cue in cues] == [(60.0, 62.0), (64.0, 67.0)]
    assert sounds.Sounds(str(model)).cues(np.zeros(3 * RATE, dtype=np.float32), 0.0) == []
    assert sounds.Sounds(str(model)).cues(np.zeros(0, dtype=np.float32), 0.0) == []


def test_without_a_folder_sound_alone_is_refused_and_nothing_is_named(recording: Path, tmp_path: Path) -> None:
    assert ReadingSettings.from_environment({"PAGESIGHT_SOUNDS": " x "}).parse_options().sounds == "x"
    with pytest.raises(UnreadableFile, match=r"dryer\.wav is sound alone"):
        parse_pdf(recording, tmp_path, ParseOptions(ocr="off"))


def test_a_folder_that_is_no_such_model_is_named(model: Path, recording: Path, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"PAGESIGHT_SOUNDS is .*/none, where config\.json"):
        parse_pdf(recording, tmp_path / "a", ParseOptions(sounds=str(tmp_path / "none")))
    other = tmp_path / "other"
    other.mkdir()
    for name in sounds._NEEDED:
        (other / name).write_text('{"model_type": "clip"}')
    with pytest.raises(UnreadableFile, match="a model of the kind 'clip'"):
        parse_pdf(recording, tmp_path / "b", ParseOptions(sounds=str(other)))
    (other / "config.json").write_bytes((model / "config.json").read_bytes())
    document = parse_pdf(recording, tmp_path / "c", ParseOptions(sounds=str(other)))
    assert any("cannot be opened" in problem.message for problem in document.problems)
