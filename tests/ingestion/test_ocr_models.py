"""Which model files are taken, and what is said where one is missing."""

from pathlib import Path

import pytest

from ingestion import ocr_models
from ingestion.errors import IngestionError
from ingestion.ocr_models import FOLDER, LANGUAGE, chosen


@pytest.mark.parametrize("language", ["", "auto", "en", "DE", "ja", "zh"])
def test_the_engines_own_models_read_most_languages(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, language)
    models = chosen()
    assert models.detector.is_file() and models.recogniser.is_file() and not models.rtl


def test_another_script_needs_a_model_and_the_error_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "ko")
    with pytest.raises(IngestionError, match=rf"'ko'.*korean_\*rec\*\.onnx.*{FOLDER}"):
        chosen()
    monkeypatch.setenv(FOLDER, str(tmp_path))
    with pytest.raises(IngestionError, match=r"has no korean_\*rec\*\.onnx"):
        chosen()
    model = tmp_path / "korean_PP-OCRv5_rec_mobile.onnx"
    model.write_bytes(b"weights")
    with pytest.raises(IngestionError, match=r"does not hold its characters.*korean_dict\.txt"):
        chosen()
    model.write_bytes(b"weights, character: ...")
    assert chosen().recogniser == model
    (tmp_path / "korean_dict.txt").write_text("a")
    assert chosen().keys == tmp_path / "korean_dict.txt"


def test_arabic_is_read_from_the_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "arabic_PP-OCRv5_rec_mobile.onnx").write_bytes(b"character")
    monkeypatch.setenv(LANGUAGE, "ar")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert chosen().rtl


def test_a_language_that_no_model_reads_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(LANGUAGE, "tlh")
    with pytest.raises(IngestionError, match=r"'tlh'.*one of .*ko"):
        chosen()


def test_a_missing_model_file_is_an_error_not_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_models, "_package", lambda: tmp_path)
    with pytest.raises(IngestionError, match=r"PP-OCRv6_det_small\.onnx is missing; pip install"):
        chosen()
