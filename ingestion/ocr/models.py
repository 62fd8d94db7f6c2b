"""Which model files text is read with: those that come with the engine, or a folder's for another language.

PP-OCRv6 small, which the engine brings along, reads Chinese, Japanese, English and 50 other languages in Latin script.
Other scripts have recognition models of their own; the detector finds their lines too. The engine is always given all
its paths, so that it never looks for a model on the network.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Literal, NamedTuple

from ingestion.errors import IngestionError

OcrMode = Literal["auto", "off", "always"]

LANGUAGE, FOLDER = "PAGESIGHT_OCR_LANGUAGE", "PAGESIGHT_OCR_MODELS"  # what users call them
DETECTOR, RECOGNISER = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
_CODES = (
    "auto latin en zh ch chinese ja japan af az bs ca cs cy da de es et eu fi fr ga gl hr hu id is it ku "
    "la lb lt lv mi ms mt nl no oc pl pt qu rm ro sk sl sq sv sw tl tr uz vi "
)
BUNDLED = frozenset(_CODES.split())
OTHERS = {  # language to the start of its model's file name
    "ko": "korean", "ar": "arabic", "fa": "arabic", "ur": "arabic", "ru": "eslav", "uk": "eslav", "be": "eslav",
    "bg": "cyrillic", "sr": "cyrillic", "mk": "cyrillic", "mn": "cyrillic", "hi": "devanagari", "mr": "devanagari",
    "ne": "devanagari", "el": "el", "th": "th", "ta": "ta", "te": "te", "kn": "ka",
}  # fmt: skip


class Script(NamedTuple):
    """What pictures are written in: a language ("auto": any that the engine's own models read), and the folder with
    the model of one that they do not."""

    language: str = "auto"
    folder: str = ""


ANY = Script()


class Models(NamedTuple):
    """Model files; ``keys`` is the list of characters where the recogniser does not hold it."""

    detector: Path
    recogniser: Path
    keys: Path | None = None


def normal(language: str) -> str:
    """A language as it is compared: in lower case, "auto" where none is named."""
    return language.strip().lower() or "auto"


def is_rtl(script: Script) -> bool:
    """Whether the script's model reads glyphs from left to right of a script that runs the other way."""
    named = normal(script.language)
    return OTHERS.get(named, named) == "arabic"


def chosen(script: Script = ANY) -> Models:
    """The models for a script. Raises :class:`IngestionError`, naming the remedy, where they are not there."""
    named, folder = normal(script.language), script.folder.strip()
    own = _package()
    detector = _existing(own / DETECTOR)
    if named in BUNDLED:
        return Models(detector, _existing(own / RECOGNISER))
    start = OTHERS.get(named, named)
    if start not in OTHERS.values():
        known = ", ".join(sorted({*OTHERS, *BUNDLED}))
        raise IngestionError(f"{LANGUAGE} is {named!r}, which no model reads; it can be one of {known}")
    return _from_folder(named, start, folder, detector)


def _from_folder(name: str, start: str, folder: str, detector: Path) -> Models:
    pattern = f"{start}_*rec*.onnx"
    wanted = f"a PP-OCR recognition model for ONNX ({pattern}, as RapidOCR publishes them)"
    if not folder:
        raise IngestionError(
            f"{LANGUAGE} is {name!r}, which the models that are installed do not read; get {wanted}, put it in a "
            f"folder and name that in {FOLDER}"
        )
    found = sorted(Path(folder).glob(pattern))
    if not found:
        raise IngestionError(f"{FOLDER} is {folder}: it has no {pattern} for {name!r}; put {wanted} there")
    keys = next(iter(sorted(found[-1].parent.glob(f"{start}*.txt"))), None)
    if keys is None and b"character" not in found[-1].read_bytes():
        raise IngestionError(f"{found[-1]} does not hold its characters; put their list beside it as {start}_dict.txt")
    return Models(detector, found[-1], keys)


def _package() -> Path:
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise IngestionError(
            "text in pictures cannot be read: rapidocr is missing; install it with pip install rapidocr onnxruntime, "
            "or go without it with PAGESIGHT_OCR=off"
        )
    return Path(spec.origin).parent / "models"


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise IngestionError(
            f"text in pictures cannot be read: {path.name} is missing; pip install --force-reinstall rapidocr brings it"
        )
    return path
