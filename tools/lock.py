"""Compiles the short lists (``requirements*.in``) to locks: exact versions and hashes for Linux, macOS and Windows.

``python tools/lock.py`` keeps every version that is still allowed, ``--upgrade`` takes the newest. uv resolves once for
all systems and Pythons (``uv pip compile --universal --generate-hashes``). It cannot know about torch on Linux: PyPI's
build needs CUDA's packages, several GB, that of PyTorch's own index needs none, and no marker tells them apart.

- CUDA's packages go to ``requirements-cuda.txt``, which ``requirements.txt`` names as its constraints: pip looks there
  only if the torch that it has chosen asks for them.
- torch gets the hashes of its builds without CUDA too, which PyPI does not have.
- PyPI's Linux wheels of torch are named by SHA-512, all other files by SHA-256. An index tells the SHA-256 of a file, a
  folder (``--find-links``) does not, and pip prefers a file whose hash it knows to be right before it has it: with
  SHA-256 it would never take a wheel without CUDA out of a folder. Either is checked when the file is there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TORCH = Path(__file__).with_name("torch_linux.json")
CPU_INDEX = "https://download.pytorch.org/whl/cpu/torch/"
OLDEST_PYTHON = "3.11"
PYTHONS = (OLDEST_PYTHON, "3.12", "3.13", "3.14")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")
CUDA = re.compile(r"(cuda|nvidia)-[\w-]+|triton")
FURTHER = tuple(f"requirements-{name}" for name in ("int8", "docs", "dev", "pip"))  # with requirements.txt's versions

HEAD = "# Exact versions and hashes for every system, compiled by `make lock` from {name}.in: do not edit.\n"
MAIN_HEAD = """\
# torch on Linux: PyPI has the build with CUDA; without CUDA it comes from PyTorch's own index:
#     pip install -r requirements.txt --extra-index-url https://download.pytorch.org/whl/cpu
# pip 26.1 and newer take the hashes of CUDA's packages from these constraints, if they are needed. An older pip must be
# told: pip install -r requirements.txt -r requirements-cuda.txt
-c requirements-cuda.txt
"""
CUDA_HEAD = "# Only what PyPI's torch needs on Linux: requirements.txt names this file as its constraints.\n"

Wheels = Mapping[str, Any]  # torch_linux.json: "version", "cpu" {file: SHA-256}, "pypi" {file: [SHA-256, SHA-512]}


def main(argv: Sequence[str] | None = None) -> int:
    """Write all locks. What is wrong is one line on stderr and exit code 1."""
    parser = argparse.ArgumentParser(prog="python tools/lock.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that the lists allow")
    parser.add_argument("--torch", action="store_true", help="first read PyPI's Linux wheels of torch anew (4 GB)")
    options = parser.parse_args(argv)
    try:
        before = [*_blocks(ROOT / "requirements.txt"), *_blocks(ROOT / "requirements-cuda.txt")]
        blocks = _compiled("requirements", before, options.upgrade)
        torch = next(block for block in blocks if name(block) == "torch")
        wheels = json.loads(TORCH.read_text(encoding="utf-8"))
        if options.torch:
            wheels = {"version": version(torch), "cpu": wheels["cpu"], "pypi": _downloaded(torch)}
            TORCH.write_text(json.dumps(wheels, indent=1) + "\n", encoding="utf-8")
        blocks[blocks.index(torch)] = with_wheels(torch, wheels)
        cuda = [block for block in blocks if CUDA.fullmatch(name(block))]
        _write("requirements-cuda", HEAD.format(name="requirements") + CUDA_HEAD, cuda)
        rest = [block for block in blocks if block not in cuda]
        _write("requirements", HEAD.format(name="requirements") + MAIN_HEAD, rest)
        for lock in FURTHER:
            further = _compiled(
                lock, _blocks(ROOT / f"{lock}.txt"), options.upgrade, "--constraints", "requirements.txt"
            )
            _write(lock, HEAD.format(name=lock), further)
    except (ValueError, OSError) as exc:
        print(exc, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as exc:  # uv or pip has said what is wrong
        return exc.returncode
    return 0


def split(text: str) -> list[str]:
    """The requirements of a lock, each with its hashes and the comments below it."""
    return re.findall(r"^\w.*\n(?:[ \t]+.*\n)*", text, re.MULTILINE)


def name(block: str) -> str:
    """``torch`` of ``torch==2.13.0 …``."""
    return block.partition("==")[0]


def version(block: str) -> str:
    """``2.13.0`` of ``torch==2.13.0 …``."""
    return re.split(r"==|\s", block)[1]


def _pin(block: str) -> str:
    return block.partition("\n")[0].rstrip(" \\")


def with_wheels(torch: str, wheels: Wheels) -> str:
    """The block of torch with the hashes of its Linux wheels as the opening of this module says.

    Raises :class:`ValueError` where ``wheels`` are of another version.
    """
    ours = version(torch)
    if wheels["version"] != ours or not all(file.startswith(f"torch-{ours}+cpu-") for file in wheels["cpu"]):
        raise ValueError(
            f"{TORCH.name} is not of torch {ours}: put the SHA-256 of its Linux wheels without CUDA there, as "
            f"{CPU_INDEX} gives them, then run python tools/lock.py --torch, which adds those of PyPI"
        )
    told = {f"--hash=sha256:{sha256}" for sha256, _ in wheels["pypi"].values()}
    hashes = set(re.findall(r"--hash=\S+", torch)) - told
    hashes |= {f"--hash=sha256:{sha256}" for sha256 in wheels["cpu"].values()}
    hashes |= {f"--hash=sha512:{sha512}" for _, sha512 in wheels["pypi"].values()}
    comments = re.findall(r"^ +#.*\n", torch, re.MULTILINE)
    return " \\\n    ".join([_pin(torch), *sorted(hashes)]) + "\n" + "".join(comments)


def _downloaded(torch: str) -> dict[str, tuple[str, str]]:
    """SHA-256 and SHA-512 of PyPI's Linux wheels."""
    return dict(_wheel(torch, python, platform) for python in PYTHONS for platform in PLATFORMS)


def _wheel(torch: str, python: str, platform: str) -> tuple[str, tuple[str, str]]:
    """Name and both hashes of one; pip checks the former hash against ``torch``, as uv has found it."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "torch.txt")
        lock.write_text(torch, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--dest", folder, "--requirement", str(lock)]
        command += ["--platform", platform, "--python-version", python, "--only-binary=:all:", "--no-deps"]
        subprocess.run([*command, "--no-cache-dir", "--quiet"], check=True)
        wheel = next(Path(folder).glob("*.whl"))
        return wheel.name, (_digest(wheel, "sha256"), _digest(wheel, "sha512"))


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()


def _blocks(lock: Path) -> list[str]:
    return split(lock.read_text(encoding="utf-8")) if lock.exists() else []


def _compiled(lock: str, before: Iterable[str], upgrade: bool, *options: str) -> list[str]:
    """What uv makes of ``lock``.in, starting from the versions of ``before``."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out.txt")
        out.write_text("".join(f"{_pin(block)}\n" for block in before), encoding="utf-8")
        fixed = f"--quiet --universal --generate-hashes --no-header --no-config --python-version {OLDEST_PYTHON}"
        changing = ["--upgrade"] if upgrade else []
        command = [sys.executable, "-m", "uv", "pip", "compile", *fixed.split(), *changing, *options, f"{lock}.in"]
        command += ["--output-file", str(out)]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return split(out.read_text(encoding="utf-8"))


def _write(lock: str, head: str, blocks: Iterable[str]) -> None:
    (ROOT / f"{lock}.txt").write_text(f"{head}\n{''.join(blocks)}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
