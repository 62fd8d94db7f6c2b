"""The shape of the code, read from its syntax trees: who may import whom, and who owns which library."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from rag.config import Settings

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ingestion", "rag", "ui", "app")
LXML = (
    *("equations", "markup", "markup_tables", "page_breaks", "sheet_parts", "xmls"),
    *("word_fields", "word_numbers", "word_parts", "word_shapes"),
)
OWNERS = {
    "pymupdf": tuple(f"ingestion/{name}.py" for name in ("pdf", "pdffonts", "pdfpage", "notes", "attached")),
    "pymupdf4llm": ("ingestion/pdf/page.py",),
    "rapidocr": ("ingestion/ocr/engine.py",),
    "cv2": ("ingestion/figures/detection.py", "ingestion/figures/segmentation.py", "rag/sight/"),
    "lxml": tuple(f"ingestion/{name}.py" for name in LXML),
    "mammoth": ("ingestion/formats/office.py",),
    "openpyxl": ("ingestion/formats/sheets.py",),
    "pptx": ("ingestion/formats/slides.py",),
    "sqlite3": (
        "rag/storage/connections.py",
        "rag/storage/database.py",
        "rag/storage/catalogue.py",
        "rag/storage/fulltext.py",
    ),
    "chromadb": ("rag/storage/chroma.py",),
    "torch": ("rag/encoders/", "rag/llm/local.py"),
    "transformers": ("rag/encoders/", "rag/llm/local.py"),
    "onnx": ("rag/encoders/local/onnx_export.py",),
    "onnxruntime": ("ingestion/onnx_threads.py", "rag/encoders/local/int8.py", "rag/encoders/local/onnx_export.py"),
    "openai": ("rag/llm/openai_compatible.py",),
    "gradio": ("app.py", "ui/"),
    "markdown_it": ("ui/safe.py",),
    "llama_index": ("rag/encoders/text_windows.py", "rag/interop.py"),
    "wordllama": ("rag/encoders/static.py",),
}
RECIPES = {
    "ingestion": {"page", "assemble", "parse", "worker", "__main__"},
    "rag": {
        "index", "align", "align_command", "retrieve", "screenshot", "search", "answer", "evaluate",
        "evaluation.explain", "interop", "cli", "evaluation_commands", "generation_commands", "question_commands",
        "doctor", "__main__",
    },
}  # fmt: skip
PURE = {
    "ingestion/elements.py", "ingestion/errors.py", "ingestion/geometry.py",
    "rag/types.py", "rag/errors.py", "rag/retrieval/fusion.py",
}  # fmt: skip
HEAVY = ("torch", "transformers", "chromadb", "gradio", "openai", "llama_index", "rapidocr", "onnxruntime", "pymupdf")
PACKAGES_OF = {  # import name to the name in requirements.in, where they differ
    "PIL": "pillow", "cv2": "opencv-python-headless", "pptx": "python-pptx", "llama_index": "llama-index-core",
    "markdown_it": "markdown-it-py",
    "huggingface_hub": "transformers", "starlette": "gradio", "fastapi": "gradio", "uvicorn": "gradio",
}  # fmt: skip


@cache
def modules() -> tuple[Path, ...]:
    found = [path for layer in ("ingestion", "rag", "ui") for path in sorted((ROOT / layer).rglob("*.py"))]
    app = ROOT / "app.py"
    return (*found, *([app] if app.exists() else []))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path, only_at_load: bool = False) -> frozenset[str]:
    """Full names of imported modules; for ``from a import b``, ``a.b``, which may be a module or a name in one."""
    return frozenset(_imports(path, only_at_load))


def _imports(path: Path, only_at_load: bool) -> Iterator[str]:
    for node, at_load in walk(ast.parse(path.read_text(encoding="utf-8")), True):
        if only_at_load and not at_load:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def walk(node: ast.AST, at_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
        here = at_load and not inside and not typing_only
        yield child, here
        yield from walk(child, here)


@cache
def own(path: Path) -> frozenset[str]:
    """The modules of this project that ``path`` imports when it is loaded."""
    known = {name_of(module) for module in modules()}
    found = set()
    for name in imports(path, only_at_load=True):
        while name and name not in known:
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return frozenset(found - {name_of(path)})


def test_imports_run_from_app_to_rag_to_ingestion_and_never_back() -> None:
    wrong = []
    for path in modules():
        layer = LAYERS.index(name_of(path).partition(".")[0])
        for name in imports(path):
            top = name.partition(".")[0]
            if top in LAYERS and LAYERS.index(top) > layer:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_stages_do_not_import_recipes() -> None:
    """Recipes join stages; the other way round a stage could not be used or tested alone."""
    wrong = []
    for path in modules():
        package, _, stem = name_of(path).partition(".")
        recipes = {f"{package}.{recipe}" for recipe in RECIPES.get(package, ())}
        if package in RECIPES and stem not in RECIPES[package]:
            wrong += [f"{path.relative_to(ROOT)} imports {name}" for name in own(path) & recipes]
    assert not wrong


def test_no_two_modules_import_each_other() -> None:
    graph = {name_of(path): own(path) for path in modules()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail[trail.index(name) :], name])
        if name not in done:
            for imported in sorted(graph[name]):
                visit(imported, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("library", OWNERS)
def test_one_owner_per_foreign_library(library: str) -> None:
    users = {
        str(path.relative_to(ROOT)) for path in modules() if any(n.partition(".")[0] == library for n in imports(path))
    }
    assert not {user for user in users if not user.startswith(OWNERS[library])}


def test_value_types_and_pure_leaves_import_no_library_but_arrays_and_pictures() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "PIL", "ingestion", "rag"}
    for name in sorted(PURE):
        path = ROOT / name
        if path.exists():
            assert {n.partition(".")[0] for n in imports(path)} <= allowed, name
            assert {f"{n.replace('.', '/')}.py" for n in own(path)} <= PURE | {"rag/config.py"}, name


def test_every_library_that_is_imported_is_in_the_list() -> None:
    listed = set(re.findall(r"^([\w-]+)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE))
    for path in modules():
        for name in {n.partition(".")[0] for n in imports(path)} - set(sys.stdlib_module_names) - set(LAYERS):
            assert PACKAGES_OF.get(name, name.replace("_", "-")) in listed | {"pymupdf-layout"}, f"{path}: {name}"


def test_every_version_of_the_lock_is_exact() -> None:
    for lock in ("requirements.txt", "requirements-int8.txt", "requirements-dev.txt"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        pinned = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
        assert pinned
        assert [line for line in pinned if not re.fullmatch(r"[\w.-]+==[\w.]+( ;.*)?", line)] == []


def test_the_command_line_starts_without_heavy_libraries_and_without_the_network() -> None:
    """What `python -m rag --help` and `list` load; a socket opened while importing would raise."""
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "import rag.__main__, rag.cli.commands, rag.index, rag.storage.catalogue\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


def test_the_readme_names_every_module_and_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    template = (ROOT / ".env.example").read_text(encoding="utf-8")
    tree = readme.partition("<details>")[2].partition("</details>")[0]
    missing = [str(p.relative_to(ROOT)) for p in modules() if p.stem != "__init__" and f"{p.name} " not in tree]
    assert not missing
    for name in Settings.__slots__:
        variable = f"PAGESIGHT_{name.upper()}"
        assert f"`{variable}`" in readme, variable
        assert f"#{variable}=" in template, variable


def test_one_module_opens_pictures() -> None:
    """Pillow hands some files to other programs; the one opener has a list of decoders that may be asked."""
    opening = [
        str(path.relative_to(ROOT))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "open" and ast.unparse(node.value) in ("Image", "PIL.Image")
    ]
    assert opening == ["ingestion/formats/images.py"]
