"""What is installed: the locks, read line by line, and the wheel, built and used far from its sources."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from rag.answering.languages.data import LANGUAGES
from tools import lock as lock_tool

ROOT = Path(__file__).resolve().parent.parent
LOCKS = tuple(f"requirements{suffix}.txt" for suffix in ("", "-cuda", "-dev", "-docs", "-int8", "-pip"))
PIN = r"[\w.-]+==[\w.]+( ; [^\\#]+)?"
PACKAGES = ("ingestion", "rag", "ui")
EXTRAS = ("int8", "media", "milvus", "objects", "postgres", "qdrant", "queue")
HASH = r"--hash=(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})"


class Pin(NamedTuple):
    requirement: Requirement
    hashes: tuple[str, ...]


def pins(lock: str) -> dict[str, Pin]:
    found = {}
    for line in logical_lines(lock):
        if not line.startswith("-c "):
            requirement, *hashes = line.split(" --hash=")
            found[Requirement(requirement).name] = Pin(Requirement(requirement), tuple(hashes))
    return found


def logical_lines(lock: str) -> list[str]:
    """As pip reads them: continued lines joined, comments away."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    text = re.sub(r" \\\n +", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    return [line for line in text.splitlines() if line]


def listed(name: str) -> dict[str, Requirement]:
    """The requirements of a short list."""
    lines = (line.partition(" #")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
    return {requirement.name.replace("_", "-"): requirement for requirement in found}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_of_a_lock_is_exact_and_has_hashes(lock: str) -> None:
    lines = logical_lines(lock)
    assert lines[:1] != []
    if lock == "requirements.txt":
        assert lines.pop(0) == "-c requirements-cuda.txt"
    assert [line for line in lines if not re.fullmatch(rf"{PIN}( {HASH})+", line)] == []
    assert [name for name, pin in pins(lock).items() if not any(h.startswith("sha256:") for h in pin.hashes)] == []
    for system, machine in (("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "arm64"), ("win32", "AMD64")):
        for python in ("3.11", "3.12", "3.13", "3.14"):
            here = {"sys_platform": system, "platform_machine": machine, "python_version": python}
            here["python_full_version"] = f"{python}.0"
            asked = [Requirement(line.split(" --hash=")[0]) for line in lines]
            names = [one.name for one in asked if one.marker is None or one.marker.evaluate(here)]
            assert len(names) == len(set(names)), f"a package stands twice for {here}"


def test_locks_agree_on_what_they_share() -> None:
    main = pins("requirements.txt")
    for lock in LOCKS[1:]:
        for name, pin in pins(lock).items():
            if name in main:
                assert pin.requirement.specifier == main[name].requirement.specifier, (lock, name)
    assert pins("requirements-int8.txt").items() <= pins("requirements-dev.txt").items()


@pytest.mark.parametrize("name", ["requirements", "requirements-int8", "requirements-dev", "requirements-pip"])
def test_every_listed_package_is_locked_within_its_range(name: str) -> None:
    locked = pins(f"{name}.txt")
    for package, requirement in listed(f"{name}.in").items():
        (pin,) = locked[package].requirement.specifier
        assert pin.version in requirement.specifier, package


@pytest.mark.parametrize("extra", EXTRAS)
def test_what_an_extra_installs_is_tried_by_the_tests(extra: str) -> None:
    assert listed(f"requirements-{extra}.in").keys() <= pins("requirements-dev.txt").keys()


def test_packages_of_cuda_are_constraints_and_never_required() -> None:
    """On a machine whose torch is built without CUDA they would be several GB for nothing."""
    cuda = pins("requirements-cuda.txt")
    assert {"cuda-toolkit", "nvidia-cublas", "nvidia-cudnn-cu13", "triton"} <= set(cuda)
    assert [name for lock in LOCKS if lock != "requirements-cuda.txt" for name in pins(lock) if name in cuda] == []
    elsewhere = {"sys_platform": "darwin", "platform_machine": "arm64"}
    assert [name for name, pin in cuda.items() if pin.requirement.marker is None] == []
    assert [name for name, pin in cuda.items() if Marker(str(pin.requirement.marker)).evaluate(elsewhere)] == []


def test_torch_is_locked_with_and_without_cuda() -> None:
    """Of PyPI's Linux wheels only SHA-512: an index tells SHA-256, and pip would never look at a folder of wheels."""
    wheels = json.loads(lock_tool.TORCH.read_text(encoding="utf-8"))
    torch = pins("requirements.txt")["torch"]
    assert str(torch.requirement.specifier) == f"=={wheels['version']}"
    assert {f"sha256:{sha256}" for sha256 in wheels["cpu"].values()} <= set(torch.hashes)
    assert {f"sha512:{sha512}" for _, sha512 in wheels["pypi"].values()} <= set(torch.hashes)
    assert {f"sha256:{sha256}" for sha256, _ in wheels["pypi"].values()} & set(torch.hashes) == set()
    for python in ("311", "312", "313", "314"):
        for machine in ("x86_64", "aarch64"):
            assert f"torch-{wheels['version']}-cp{python}-cp{python}-manylinux_2_28_{machine}.whl" in wheels["pypi"]
            assert f"torch-{wheels['version']}+cpu-cp{python}-cp{python}-manylinux_2_28_{machine}.whl" in wheels["cpu"]


BLOCK = "torch==9.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via -r requirements.in\n"


def test_hashes_of_torch_are_put_together() -> None:
    wheels = {"version": "9.0", "cpu": {"torch-9.0+cpu-a.whl": "cc"}, "pypi": {"torch-9.0-a.whl": ["aa", "dd"]}}
    assert lock_tool.with_wheels(BLOCK, wheels) == (
        "torch==9.0 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc \\\n    --hash=sha512:dd\n"
        "    # via -r requirements.in\n"
    )
    (block,) = lock_tool.split(f"# a heading\n-c other.txt\n\n{BLOCK}")
    assert (block, lock_tool.name(block), lock_tool.version(block)) == (BLOCK, "torch", "9.0")


def test_wheels_of_another_torch_are_refused_with_the_remedy() -> None:
    wheels = {"version": "8.0", "cpu": {}, "pypi": {}}
    with pytest.raises(ValueError, match=r"torch_linux\.json is not of torch 9\.0: put the SHA-256"):
        lock_tool.with_wheels(BLOCK, wheels)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: the tools of packaging write into the folder of the sources, and take what they find there."""
    source, out = tmp_path_factory.mktemp("source") / "pagesight", tmp_path_factory.mktemp("wheel")
    source.mkdir()
    for name in (*PACKAGES, "sample_docs"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "pagesight.py", "pyproject.toml", "README.md", "LICENSE", *map(str, ROOT.glob("*.in"))):
        shutil.copy(ROOT / name, source)
    code = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(out)], cwd=source, check=True, capture_output=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As ``pip install --target`` leaves it."""
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def elsewhere(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command ``pagesight`` of the installed copy, called in ``folder``."""
    environ = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", "import sys, pagesight; sys.exit(pagesight.main())", *arguments]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=300)


def test_the_wheel_has_every_module_and_all_that_they_read(wheel: Path) -> None:
    ours = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    needed = {str(path.relative_to(ROOT)) for path in ours if path.suffix != ".pyc"} | {"app.py", "pagesight.py"}
    samples = (path for path in (ROOT / "sample_docs").iterdir() if path.is_file())
    needed |= {str(path.relative_to(ROOT)) for path in samples}
    there = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert there == needed


def test_the_wheel_names_its_command_and_what_the_short_lists_ask_for(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with zipfile.ZipFile(wheel) as archive:
        info = f"pagesight-{project['version']}.dist-info"
        metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode())
        scripts = archive.read(f"{info}/entry_points.txt").decode()
    assert scripts.split() == ["[console_scripts]", "pagesight", "=", "pagesight:main"]
    needs = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    for extra, name in ((None, "requirements.in"), *((extra, f"requirements-{extra}.in") for extra in EXTRAS)):
        asked = {
            need.name.replace("_", "-"): (need.specifier, marker)
            for need, marker in ((need, str(need.marker)) for need in needs)
            if (f'extra == "{extra}"' == marker if extra else "extra" not in marker)
        }
        of_extra = f'extra == "{extra}"' if extra else "None"
        assert asked == {
            package: (requirement.specifier, str(requirement.marker or of_extra))
            for package, requirement in listed(name).items()
        }
    assert metadata.get_all("Provides-Extra") == list(EXTRAS)


def test_the_version_is_the_one_of_the_changelog_or_the_next(wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert version in headings


def test_the_command_says_what_it_can_do(installed: Path, tmp_path: Path) -> None:
    general = elsewhere(installed, tmp_path, "--help")
    assert general.returncode == 0, general.stderr
    assert general.stdout.startswith("usage: pagesight [-h] COMMAND")
    assert re.search(r"^  app .*\n  parse ", general.stdout, re.MULTILINE)
    for command in ("app", "parse", "ask"):
        assert elsewhere(installed, tmp_path, command, "--help").stdout.startswith(f"usage: pagesight {command} [-h]")
    missing = elsewhere(installed, tmp_path, "list")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert elsewhere(installed, tmp_path).returncode == 2


def test_the_installed_copy_has_the_samples_and_their_questions(installed: Path, tmp_path: Path) -> None:
    code = "from ui.state import samples; print(*[p.name for p in samples.pdfs()], len(samples.questions()))"
    environ = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    *names, questions = done.stdout.split()
    assert names == sorted(path.name for path in (ROOT / "sample_docs").glob("*.pdf"))
    assert int(questions) > 0


def test_the_installed_copy_has_the_phrases_of_every_language(installed: Path, tmp_path: Path) -> None:
    code = (
        "from rag.answering.questions import phrases as p; "
        "print(len({p.phrases(x).refusal for x in p.LANGUAGES}), p.__file__)"
    )
    environ = {**os.environ, "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(len(LANGUAGES)), str(installed / "rag/answering/questions/phrases.py")]


@pytest.mark.slow
def test_the_installed_copy_answers_far_from_its_sources(installed: Path, tmp_path: Path) -> None:
    """Its child processes, its weights and its tables are found whatever the working directory."""
    added = elsewhere(installed, tmp_path, "add", str(installed / "sample_docs" / "tx-210-sensor-data-sheet.pdf"))
    assert added.returncode == 0, added.stderr
    assert (tmp_path / ".pagesight").is_dir()
    found = elsewhere(installed, tmp_path, "ask", "What is the supply voltage?", "--json")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["citations"]
