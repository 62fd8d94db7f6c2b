"""Which model files are taken, and what is said where one is missing."""

from pathlib import Path

import pytest
from make_pdfs import scanned

from ingestion.errors import IngestionError
from ingestion.ocr import models
from ingestion.ocr.models import FOLDER, Script, chosen, is_rtl
from ingestion.parse import ParseOptions
from ingestion.workers.parse import parse_in_worker


@pytest.mark.parametrize("language", ["", "auto", "en", "DE", "ja", "zh"])
def test_the_engines_own_models_read_most_languages(language: str) -> None:
    models = chosen(Script(language))
    assert models.detector.is_file() and models.recogniser.is_file() and not is_rtl(Script(language))


def test_another_script_needs_a_model_and_the_error_says_where(tmp_path: Path) -> None:
    with pytest.raises(IngestionError, match=rf"'ko'.*korean_\*rec\*\.onnx.*{FOLDER}"):
        chosen(Script("ko"))
    korean = Script("ko", str(tmp_path))
    with pytest.raises(IngestionError, match=r"has no korean_\*rec\*\.onnx"):
        chosen(korean)
    model = tmp_path / "korean_PP-OCRv5_rec_mobile.onnx"
    model.write_bytes(b"weights")
    with pytest.raises(IngestionError, match=r"does not hold its characters.*korean_dict\.txt"):
        chosen(korean)
    model.write_bytes(b"weights, character: ...")
    assert chosen(korean).recogniser == model
    (tmp_path / "korean_dict.txt").write_text("a")
    assert chosen(korean).keys == tmp_path / "korean_dict.txt"


def test_arabic_is_read_from_the_right(tmp_path: Path) -> None:
    (tmp_path / "arabic_PP-OCRv5_rec_mobile.onnx").write_bytes(b"character")
    assert chosen(Script("ar", str(tmp_path))).recogniser.parent == tmp_path
    assert is_rtl(Script("ar")) and is_rtl(Script(" FA ")) and not is_rtl(Script("ko"))


def test_a_language_that_no_model_reads_is_named() -> None:
    with pytest.raises(IngestionError, match=r"'tlh'.*one of .*ko"):
        chosen(Script("tlh"))


def test_children_are_told_the_language_that_options_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIGHT_OCR_LANGUAGE", "de")
    options = ParseOptions(ocr_language="Ko", ocr_models=str(tmp_path))
    assert options.script == Script("ko", str(tmp_path))
    document = parse_in_worker(scanned(tmp_path), tmp_path / "out", options)
    assert {problem.stage for problem in document.problems} == {"ocr"}
    assert all("no korean_*rec*.onnx for 'ko'" in problem.message for problem in document.problems)


def test_a_missing_model_file_is_an_error_not_a_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "_package", lambda: tmp_path)
    with pytest.raises(IngestionError, match=r"PP-OCRv6_det_small\.onnx is missing; pip install"):
        chosen()
