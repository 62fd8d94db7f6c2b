"""What all tests share: a quiet environment without network look-ups, real PDFs, the evaluation documents if any."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from made_once import made_once
from memory_given_back import give_back
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table
from reportlab.platypus import Image as Picture
from stores import serving_postgres
from vector_engines import PostgresServer, server_folder
from warm_processes import kept_warm

from rag.config import Settings, quiet

quiet()
for _name in [name for name in os.environ if name.startswith("PAGESIGHT_") and name != "PAGESIGHT_EVAL_DIR"]:
    del os.environ[_name]
os.environ.pop("OPENAI_API_KEY", None)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # of the processes that tests start, the first compiles for all
# the encoders that need no download, here and in every process that a test starts; one process that reads PDFs, and one
# thread for each model, since tests run beside each other and threads that wait for one another spin
os.environ.update(PAGESIGHT_ENCODER="builtin", PAGESIGHT_WORDS="static", PAGESIGHT_WORKERS="1", OMP_NUM_THREADS="1")

gc.set_threshold(10_000)  # cycles are looked for less often: at the usual 700 it takes a quarter of loading all tests

MOST_PROCESSES = 8  # beyond it each has so few tests that loading its libraries takes longer
PROCESS_GB = 2.5  # of memory for each, with the models of its tests and a process that reads a PDF

ERROR_CODES = [
    ["Code", "Meaning", "Remedy"],
    ["E04", "Door not closed", "Close the door until it clicks"],
    ["E11", "Water inlet blocked", "Clean the inlet filter"],
    ["E18", "Drain pump blocked", "Remove the cover and free the impeller"],
    ["E23", "Heater relay stuck", "Replace relay K3"],
]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Processes for ``-n auto``: one per core, as far as memory allows; 0 on one core runs the tests in this one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    room = int(psutil.virtual_memory().available / 1e9 / PROCESS_GB)
    most = min(cores, room, MOST_PROCESSES)
    return most if most > 1 else 0


def pytest_collection_finish() -> None:
    """What is there when the tests begin stays: the collector of cycles need not go through it again and again."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Processes that read PDFs are started once, not for every test that adds one; and see ``quick_parts``."""
    from quick_parts import quick_parts  # not before the environment is set, like all that loads numpy

    with kept_warm(), quick_parts():
        yield


@pytest.fixture(scope="module", autouse=True)
def memory_given_back() -> Iterator[None]:
    """After each file of tests, see ``memory_given_back.py``."""
    yield
    give_back()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One server for all tests of a process; each takes a schema of its own."""
    with server_folder() as folder:
        yield from serving_postgres(folder / "postgres")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An index folder of the test's own, encoders without download, no model."""
    return Settings(index=tmp_path / "index", encoder="builtin", words="static", workers=1)


@pytest.fixture(scope="session")
def manual_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages: prose under headings, a captioned table of error codes, a captioned drawing."""
    folder = tmp_path_factory.mktemp("manual")
    drawing = folder / "pump.png"
    _pump().save(drawing)
    style = getSampleStyleSheet()
    story: list[Flowable] = [
        Paragraph("Lagoon 40 Service Manual", style["Title"]),
        Paragraph("Cleaning the filter", style["Heading1"]),
        Paragraph(
            "The lint filter sits behind the small flap at the lower right. Turn it to the left and pull it out. "
            "Rinse it under running water every thirty wash cycles, and never use bleach on it.",
            style["BodyText"],
        ),
        Paragraph("Transport", style["Heading1"]),
        Paragraph(
            "Fit the three transport bolts before the machine is moved. The drum weighs 46 kg and would damage the "
            "suspension springs otherwise. The bolts are in the bag behind the back panel.",
            style["BodyText"],
        ),
        PageBreak(),
        Paragraph("Fault finding", style["Heading1"]),
        Paragraph("The display shows one of the codes in Table 1 when a fault has been found.", style["BodyText"]),
        Spacer(1, 12),
        Paragraph("Table 1: Error codes and remedies", style["BodyText"]),
        Table(ERROR_CODES, style=[("GRID", (0, 0), (-1, -1), 0.5, colors.black)]),
        PageBreak(),
        Paragraph("Drain pump", style["Heading1"]),
        Paragraph("Figure 1 shows the pump with its cover taken off.", style["BodyText"]),
        Spacer(1, 12),
        Picture(str(drawing), 300, 200),
        Paragraph("Figure 1: Drain pump, exploded view", style["BodyText"]),
    ]
    path = folder / "lagoon-manual.pdf"
    SimpleDocTemplate(str(path), pagesize=A4, title="Lagoon 40 Service Manual", invariant=1).build(story)
    return path


@pytest.fixture(scope="session")
def indexed(manual_pdf: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of the manual; to be copied by who changes it."""
    from rag.index import Index

    def make(folder: Path) -> None:
        with Index.open(Settings(index=folder, encoder="builtin", words="static", workers=1), create=True) as index:
            assert [added.error for added in index.add([manual_pdf])] == [""]

    folder = made_once(tmp_path_factory, "indexed", make)
    return Settings(index=folder, encoder="builtin", words="static", workers=1)


@pytest.fixture(scope="session")
def copy_of(indexed: Settings, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Settings]:
    """Copies that index, for those who change it."""

    def copied() -> Settings:
        folder = tmp_path_factory.mktemp("copy") / "index"
        shutil.copytree(indexed.index, folder)
        return Settings(index=folder, encoder="builtin", words="static", workers=1)

    return copied


@pytest.fixture(scope="session")
def scanned_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One page that is only a picture of text."""
    page = Image.new("RGB", (1240, 1754), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    lines = ("Site note, machine 7", "Belt tension was 212 newton.", "Replaced both carbon brushes.", "Next visit: May")
    for number, line in enumerate(lines):
        draw.text((120, 200 + 90 * number), line, fill="black", font=font)
    path = tmp_path_factory.mktemp("scan") / "site-note.pdf"
    page.save(path, resolution=150)
    return path


@pytest.fixture(scope="session")
def eval_dir() -> Path:
    """The folder with ``docs/`` and ``questions.jsonl`` that PAGESIGHT_EVAL_DIR names."""
    named = os.environ.get("PAGESIGHT_EVAL_DIR", "")
    if not named:
        pytest.skip("PAGESIGHT_EVAL_DIR does not name a folder of evaluation documents")
    folder = Path(named)
    if not (folder / "questions.jsonl").is_file():
        pytest.fail(f"PAGESIGHT_EVAL_DIR is {named}: there is no questions.jsonl")
    return folder


def _pump() -> Image.Image:
    """A line drawing with labels, as a raster picture."""
    image = Image.new("RGB", (900, 600), (244, 244, 240))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    draw.ellipse((90, 180, 330, 420), outline=(20, 40, 90), width=8, fill=(180, 200, 230))
    draw.rectangle((420, 240, 600, 360), outline=(20, 40, 90), width=8, fill=(230, 190, 160))
    draw.polygon(((680, 200), (800, 300), (680, 400)), outline=(20, 40, 90), fill=(190, 220, 180))
    draw.line((330, 300, 680, 300), fill=(90, 90, 90), width=4)
    for text, x in (("impeller", 140), ("rotor", 470), ("cover", 690)):
        draw.text((x, 470), text, fill=(20, 20, 20), font=font)
    return image
