"""What the doctor finds of the machine: Python, libraries, space, reading of pictures, the shutting in of readers."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ingestion.errors import IngestionError
from ingestion.workers.sandbox import EVERYTHING, what_is_given_up
from rag.cli.finding import BAD, OK, WARN, Finding
from rag.config import Settings
from rag.disk import size_in_words

OLDEST_PYTHON = (3, 11)
LIBRARIES = {
    "pymupdf": "opens PDFs",
    "pymupdf4llm": "finds their layout",
    "rapidocr": "reads scans",
    "chromadb": "holds the vectors",
    "gradio": "shows the app",
    "transformers": "runs encoders by name",
    "torch": "runs encoders by name",
    "llama-index-core": "cuts passages into sentences",
    "openai": "talks to a model",
}
OPTIONAL = ("transformers", "torch", "openai", "gradio")
LITTLE_SPACE = 2 * 10**9  # bytes; a library of a few thousand pages
NO_SPACE = 2 * 10**8  # bytes
SAMPLE = "PageSight reads 42"


def python() -> Finding:
    """Its version, and the system it runs on."""
    found = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding(BAD, "python", found, "install Python 3.11 or newer and make the environment again")
    return Finding(OK, "python", found)


def libraries() -> Iterator[Finding]:
    """Those that are missing, and the versions of the others."""
    present = []
    for name, use in LIBRARIES.items():
        try:
            present.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            level = WARN if name in OPTIONAL else BAD
            yield Finding(level, "library", f"{name} ({use}) is not installed", "pip install -r requirements.txt")
    yield Finding(OK, "libraries", ", ".join(present))


def space(index: Path) -> Finding:
    """What is free on the disk of the index, where it may be written to."""
    folder = index.resolve()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        detail = f"{folder} may not be written to: what is there can be searched, nothing can be added"
        return Finding(WARN, "disk", detail, "allow writing, or set PAGESIGHT_INDEX to another folder")
    free = shutil.disk_usage(folder).free
    detail = f"{size_in_words(free)} free on the disk of {folder}"
    if free > LITTLE_SPACE:
        return Finding(OK, "disk", detail)
    remedy = "free some space, or set PAGESIGHT_INDEX to a folder on another disk"
    return Finding(BAD if free < NO_SPACE else WARN, "disk", detail, remedy)


def ocr(settings: Settings) -> Finding:
    """Reads a drawn line of text."""
    if settings.ocr == "off":
        return Finding(WARN, "ocr", "switched off: scans will not be found by their words", "unset PAGESIGHT_OCR")
    from ingestion.ocr import engine
    from ingestion.ocr.networks import runs_on
    from rag.retrieval.image.query_text import script_of

    picture = Image.new("RGB", (520, 80), "white")
    ImageDraw.Draw(picture).text((20, 18), SAMPLE, fill="black", font=ImageFont.load_default(36))
    try:
        read = " ".join(line.text for line in engine.read(picture, script_of(settings)))
    except IngestionError as exc:
        return Finding(BAD, "ocr", str(exc))
    if "42" not in read:
        remedy = "pip install --force-reinstall rapidocr onnxruntime"
        return Finding(WARN, "ocr", f"read {SAMPLE!r} as {read!r}", remedy)
    by = f"RapidOCR {version('rapidocr')} with {runs_on()}"
    return Finding(OK, "ocr", f"{by} reads text in pictures ({settings.ocr})")


def sandbox(settings: Settings) -> Finding:
    """What processes that read foreign files give up before they see one."""
    if settings.sandbox == "off":
        return Finding(WARN, "parsing", "not shut in: switched off", "unset PAGESIGHT_SANDBOX")
    given_up = what_is_given_up()
    if not given_up:
        detail = (
            "limits of time and memory alone: this system has no Landlock and no seccomp, or does not let them be used"
        )
        return Finding(OK, "parsing", detail, "read files that you do not trust on Linux, or in a container or VM")
    lacking = [part for part in EVERYTHING if part not in given_up]
    more = f"; not to be had here: {', '.join(lacking)}" if lacking else ""
    return Finding(OK, "parsing", f"in processes of their own: {', '.join(given_up)}{more}")
