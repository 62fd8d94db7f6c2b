"""The shape of the code, read from its syntax trees: who may import whom, and who owns which library."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from benchmarks.import_graph import circles, import_graph, name_of, units
from ingestion.settings import variable
from rag.config import Settings

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("ingestion", "rag", "ui", "app", "pagesight")
UNLISTED = {"pymupdf-layout", "openvino"}  # comes with pymupdf; is used where someone has installed it
OWNERS = {  # a folder, or a file without its ending
    "pymupdf": ("ingestion/pdf/", "rag/export/pdf"),
    "pymupdf4llm": ("ingestion/pdf/compat", "ingestion/pdf/quick_loops"),
    "rapidocr": ("ingestion/ocr/engine",),
    "openvino": ("ingestion/ocr/networks",),
    "cv2": ("ingestion/figures/", "ingestion/ocr/rules", "rag/retrieval/image/"),
    "av": ("ingestion/recordings/container",),
    "faster_whisper": ("ingestion/recordings/transcriber",),
    "lxml": ("ingestion/formats/",),
    "mammoth": ("ingestion/formats/office",),
    "openpyxl": ("ingestion/formats/sheets",),
    "pptx": ("ingestion/formats/slides",),
    "sqlite3": ("rag/storage/tables/sqlite_file",),
    "chromadb": ("rag/storage/vectors/chroma",),
    "psycopg": (
        "rag/storage/vectors/engines/postgres",
        "rag/storage/tables/postgres_schema",
        "rag/storage/tables/postgres_connection",
        "rag/queue/database",
    ),
    "procrastinate": ("rag/queue/database",),
    "obstore": ("rag/storage/files/objects",),
    "pgvector": ("rag/storage/vectors/engines/postgres",),
    "qdrant_client": ("rag/storage/vectors/engines/qdrant",),
    "pymilvus": ("rag/storage/vectors/engines/milvus",),
    "torch": ("ingestion/recordings/sounds", "rag/encoders/", "rag/alignment/train", "rag/llm/local"),
    "transformers": ("ingestion/recordings/sounds", "rag/encoders/", "rag/llm/local"),
    "onnx": (
        "ingestion/pdf/graph_network",
        "ingestion/pdf/sessions",
        "rag/encoders/local/onnx_export",
        "rag/encoders/packaged/graph",
    ),
    "onnxruntime": (
        *("ingestion/onnx_threads", "ingestion/pdf/sessions"),
        *("rag/encoders/local/", "rag/encoders/packaged/"),
    ),
    "watchfiles": ("rag/watching/watch",),
    "argon2": ("rag/service/passwords",),
    "openai": ("rag/llm/openai_compatible", "rag/llm/openai_errors", "rag/llm/openai_requests"),
    "opentelemetry": ("rag/monitoring/otlp",),
    "gradio": ("app", "ui/"),
    "markdown_it": ("ingestion/formats/markdown", "ui/shown/safe", "rag/export/document", "rag/export/plain"),
    "mdit_py_plugins": ("ingestion/formats/markdown",),
    "llama_index": ("rag/encoders/text_windows", "rag/interop"),
    "wordllama": ("rag/encoders/static",),
    "fastapi": ("rag/api/",),
    "pydantic": ("rag/api/", "rag/agents/"),
    "mcp": ("rag/agents/",),
    "mcp_types": ("rag/agents/",),
}
FLOORS = (  # units of one floor import only from floors that stand before theirs
    # ingestion: from values over the parts of a page to the recipes
    ("ingestion", "ingestion.arguments", "ingestion.elements", "ingestion.errors", "ingestion.onnx_threads"),
    ("ingestion.geometry",),
    ("ingestion.blocks", "ingestion.figures", "ingestion.preview"),
    ("ingestion.text",),
    ("ingestion.callouts", "ingestion.captions", "ingestion.formats", "ingestion.tables"),
    ("ingestion.chunk", "ingestion.layout"),
    ("ingestion.page_layout", "ingestion.pdf"),
    ("ingestion.ocr",),
    ("ingestion.page_content",),
    ("ingestion.assemble", "ingestion.page_reader", "ingestion.recordings"),
    ("ingestion.readers",),
    ("ingestion.parse",),
    ("ingestion.workers",),
    ("ingestion.page_pictures", "ingestion.settings"),
    ("ingestion.__main__",),
    # rag: from values over stores and models to the recipes
    ("rag", "rag.errors", "rag.lru", "rag.proxies", "rag.types"),
    ("rag.config", "rag.disk", "rag.images", "rag.monitoring", "rag.text"),
    ("rag.encoders",),
    ("rag.llm", "rag.storage"),
    ("rag.alignment", "rag.browsing", "rag.indexing", "rag.retrieval"),
    ("rag.answering", "rag.export", "rag.index"),
    ("rag.evaluation", "rag.queue", "rag.watching"),
    ("rag.service",),
    ("rag.api",),
    ("rag.agents",),
    ("rag.cli", "rag.interop"),
    ("rag.__main__",),
)
PARTS = {  # the same within these packages
    "rag.answering": (
        *(("languages", "facts"), ("passages",), ("questions",), ("claims",), ("citing", "evidence")),
        *(("extraction",), ("overviews",), ("prompting",), ("answer",)),
    ),
    "rag.storage": (
        *(
            ("tables",),
            ("full_text",),
            ("records",),
            ("vectors",),
            ("files",),
            ("reader",),
            ("incoming", "stored_trash"),
        ),
        *(("trash",), ("repair",), ("integrity",), ("writer",), ("copies",)),
    ),
    "ui": (("compat", "words"), ("people",), ("state",), ("shown",), ("page",), ("addresses", "events"), ("layout",)),
}
PURE = {
    "ingestion/elements.py", "ingestion/errors.py", "ingestion/geometry.py", "ingestion/blocks.py",
    "rag/types.py", "rag/errors.py", "rag/retrieval/fusion.py",
}  # fmt: skip
HEAVY = (
    *("torch", "transformers", "chromadb", "gradio", "fastapi", "mcp"),
    *("openai", "llama_index", "rapidocr", "onnxruntime", "pymupdf"),
)
PACKAGES_OF = {  # import name to the name in requirements.in, where they differ
    "PIL": "pillow", "cv2": "opencv-python-headless", "pptx": "python-pptx", "llama_index": "llama-index-core",
    "markdown_it": "markdown-it-py", "argon2": "argon2-cffi",
    "huggingface_hub": "transformers", "starlette": "gradio", "fastapi": "gradio", "uvicorn": "gradio",
    "pydantic": "gradio", "nltk": "llama-index-core", "mcp_types": "mcp", "opentelemetry": "chromadb",
}  # fmt: skip


@cache
def modules() -> tuple[Path, ...]:
    found = [path for layer in ("ingestion", "rag", "ui") for path in sorted((ROOT / layer).rglob("*.py"))]
    return (*found, ROOT / "app.py", ROOT / "pagesight.py")


@cache
def by_name() -> dict[str, Path]:
    return {name_of(path, ROOT): path for path in modules()}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def graph() -> dict[str, frozenset[str]]:
    return import_graph(ROOT)


def imports(path: Path, only_at_load: bool = False) -> frozenset[str]:
    """Full names of imported modules; for ``from a import b``, ``a.b``, which may be a module or a name in one."""
    return frozenset(name for name, at_load in _imports(path) if at_load or not only_at_load)


@cache
def _imports(path: Path) -> tuple[tuple[str, bool], ...]:
    """The names, each with whether it is imported when the module is loaded."""
    found: list[tuple[str, bool]] = []
    for node, at_load in walk(tree(path), True):
        if isinstance(node, ast.Import):
            found += ((alias.name, at_load) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            found += ((f"{node.module}.{alias.name}", at_load) for alias in node.names)
    return tuple(found)


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
    found = set()
    for name in imports(path, only_at_load=True):
        while name and name not in by_name():
            name = name.rpartition(".")[0]
        if name:
            found.add(name)
    return frozenset(found - {name_of(path, ROOT)})


def test_imports_run_from_app_to_rag_to_ingestion_and_never_back() -> None:
    wrong = []
    for path in modules():
        layer = LAYERS.index(name_of(path, ROOT).partition(".")[0])
        for name in imports(path):
            top = name.partition(".")[0]
            if top in LAYERS and LAYERS.index(top) > layer:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not wrong


def test_units_import_only_from_floors_that_stand_before_theirs() -> None:
    """A stage can then be used and tested without those that come after it, and no two import each other."""
    floor = {unit: number for number, units in enumerate(FLOORS) for unit in units}
    graph_of_units = {
        unit: found for unit, found in units(graph()).items() if unit.partition(".")[0] in ("ingestion", "rag")
    }
    assert set(graph_of_units) == set(floor)
    assert [f"{a} imports {b}" for a, found in graph_of_units.items() for b in found if floor[b] >= floor[a]] == []


@pytest.mark.parametrize("package", PARTS)
def test_the_parts_of_large_packages_stand_on_floors_too(package: str) -> None:
    floor = {part: number for number, parts in enumerate(PARTS[package]) for part in parts}
    depth, found = package.count(".") + 1, set[tuple[str, str]]()
    for name in (name for name in by_name() if name.startswith(f"{package}.")):
        part = name.split(".")[depth]
        others = {other.split(".")[depth] for other in graph()[name] if other.startswith(f"{package}.")} - {part}
        found |= {(part, other) for other in others}
    assert {part for pair in found for part in pair} == set(floor)
    assert [f"{a} imports {b}" for a, b in sorted(found) if floor[b] >= floor[a]] == []


def test_the_page_starts_without_the_api_and_mcp() -> None:
    """They are loaded with their first request: the SDK of MCP alone takes seconds."""
    loaded, todo = set[str](), ["app", "ui.layout", "ui.addresses.programs", "ui.events.handlers"]
    while todo:
        name = todo.pop()
        if name not in loaded:
            loaded.add(name)
            todo += own(by_name()[name])
    assert {name for name in loaded if name.startswith(("rag.api", "rag.agents"))} == set()


def test_no_module_can_reach_itself() -> None:
    assert circles(graph()) == []


@pytest.mark.parametrize("library", OWNERS)
def test_one_owner_per_foreign_library(library: str) -> None:
    users = {
        str(path.relative_to(ROOT)) for path in modules() if any(n.partition(".")[0] == library for n in imports(path))
    }
    owners = tuple(owner if owner.endswith("/") else f"{owner}.py" for owner in OWNERS[library])
    assert not {user for user in users if not user.startswith(owners)}


def test_value_types_and_pure_leaves_import_no_library_but_arrays_and_pictures() -> None:
    allowed = {*sys.stdlib_module_names, "numpy", "PIL", "ingestion", "rag"}
    for name in sorted(PURE):
        path = ROOT / name
        if path.exists():
            assert {n.partition(".")[0] for n in imports(path)} <= allowed, name
            assert {f"{n.replace('.', '/')}.py" for n in own(path)} <= PURE | {"rag/config.py"}, name


def test_every_library_that_is_imported_is_in_the_list() -> None:
    names = (
        "requirements",
        *(f"requirements-{extra}" for extra in ("media", "milvus", "objects", "postgres", "qdrant", "queue")),
    )
    lists = "\n".join((ROOT / f"{name}.in").read_text(encoding="utf-8") for name in names)
    listed = set(re.findall(r"^([\w-]+)", lists, re.MULTILINE))
    for path in modules():
        for name in {n.partition(".")[0] for n in imports(path)} - set(sys.stdlib_module_names) - set(LAYERS):
            assert PACKAGES_OF.get(name, name.replace("_", "-")) in listed | UNLISTED, f"{path}: {name}"


def test_the_command_line_starts_without_heavy_libraries_and_without_the_network() -> None:
    """What `python -m rag --help` and `list` load; a socket opened while importing would raise."""
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise AssertionError('network at import')\n"
        "socket.socket.connect = refuse\n"
        "socket.getaddrinfo = refuse\n"
        "import rag.__main__, rag.cli.commands, rag.index, rag.storage.records.catalogue, rag.indexing.parsing\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[]"


def test_the_options_of_the_command_line_are_there_without_what_answers_or_measures() -> None:
    """Each command's start loads them, also that of `--help` and of a mistyped word."""
    code = (
        "import sys, rag.cli.arguments\n"
        "rag.cli.arguments.parser()\n"
        "parts = ('rag.answering', 'rag.retrieval', 'rag.index', 'rag.evaluation.')\n"
        "print([name for name in sys.modules if name.startswith(parts) and name != 'rag.evaluation.names'])"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "[]"), result.stderr


def test_every_package_says_what_enters_what_leaves_and_what_it_must_not_know() -> None:
    for path in modules():
        if path.stem == "__init__":
            said = " ".join((ast.get_docstring(tree(path)) or "").split())
            assert " in" in said and " out" in said and re.search(r"Knows (no|nothing) ", said), path


def test_every_handler_of_the_page_says_who_may_send_its_event() -> None:
    """By name, from the syntax trees; what is no event of the page needs no line."""
    rights = (ROOT / "ui" / "events" / "rights.py").read_text(encoding="utf-8")
    listed = set(re.findall(r'^    "(\w+\.\w+)": "', rights, re.M))
    layout = (ROOT / "ui" / "layout.py").read_text(encoding="utf-8")
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name.endswith("Handlers"):
                names = [one.name for one in node.body if isinstance(one, ast.FunctionDef)]
                events = {f"{node.name}.{name}" for name in names if re.search(rf"\.{name}\b[,\)]", layout)}
                assert events <= listed, (
                    f"{path.name}: say in ui/events/rights.py who may send {sorted(events - listed)}"
                )


def test_the_page_of_settings_names_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    template = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in (variable(one.name) for one in fields(Settings)):
        assert f"| `{name}` |" in page, name
        assert f"#{name}=" in template, name


def test_one_module_opens_pictures() -> None:
    """Pillow hands some files to other programs; the one opener has a list of decoders that may be asked."""
    opening = [
        str(path.relative_to(ROOT))
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "open" and ast.unparse(node.value) in ("Image", "PIL.Image")
    ]
    assert opening == ["ingestion/formats/images.py"]
