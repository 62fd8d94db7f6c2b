"""The import graph of a checkout: edges, circles, the longest chain, who imports a module, which packages import which.

    python benchmarks/import_graph.py [FOLDER ...] [--of rag/index.py]

Read from the syntax trees: nothing is run, and any version can be looked at. Imports inside functions count: they are
dependencies all the same. Imports for types alone (``if TYPE_CHECKING``) count, too. A *unit* lies directly below
a layer: a subpackage such as ``rag.storage``, or a module such as ``rag.config``. Several folders stand side by side.
"""

from __future__ import annotations

import argparse
import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

LAYERS = ("ingestion", "rag", "ui")
ROOT = Path(__file__).resolve().parents[1]
Graph = Mapping[str, frozenset[str]]


class Figures(NamedTuple):
    """What is printed of a checkout."""

    modules: int
    edges: int
    circles: int
    in_circles: int
    longest_chain: int
    mutual_units: int
    importers: int


def import_graph(root: Path) -> dict[str, frozenset[str]]:
    """Module names, each with the modules of the checkout that it imports, ``app`` included."""
    paths = {name_of(path, root): path for layer in LAYERS for path in sorted((root / layer).rglob("*.py"))}
    paths["app"] = root / "app.py"
    known = frozenset(paths)
    return {name: _imported(path, known) - {name} for name, path in paths.items() if path.exists()}


def name_of(path: Path, root: Path) -> str:
    """The dotted name of a module's file."""
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, known: frozenset[str]) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(found for name in names if (found := _module(name, known)))


def _module(name: str, known: frozenset[str]) -> str:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def unit_of(module: str) -> str:
    """``rag.storage`` for ``rag.storage.records.catalogue``; a module directly below its layer is a unit of its own."""
    return ".".join(module.split(".")[:2])


def units(graph: Graph) -> dict[str, frozenset[str]]:
    """The graph of units: an edge where any module of one imports any of the other."""
    found: dict[str, set[str]] = {unit_of(name): set() for name in graph}
    for name, imported in graph.items():
        found[unit_of(name)].update(unit_of(other) for other in imported)
    return {unit: frozenset(others - {unit}) for unit, others in found.items()}


def circles(graph: Graph) -> list[frozenset[str]]:
    """Groups of modules of which each can reach every other (strongly connected components of two or more)."""
    reach = {name: _reachable(graph, name) for name in graph}
    groups = {frozenset(other for other in reach[name] if name in reach.get(other, ())) for name in graph}
    return sorted((group for group in groups if len(group) > 1), key=min)


def _reachable(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph.get(name, ())
    return found


def longest_chain(graph: Graph) -> list[str]:
    """The most modules of which each imports the next; a circle counts as one step."""
    whole = {name: min(group) for group in circles(graph) for name in group}
    joined: dict[str, set[str]] = {}
    for name, imported in graph.items():
        start = whole.get(name, name)
        joined.setdefault(start, set()).update(whole.get(other, other) for other in imported)
    known: dict[str, list[str]] = {}

    def below(name: str) -> list[str]:
        if name not in known:
            known[name] = []
            known[name] = [name, *max((below(other) for other in joined[name] - {name}), key=len, default=[])]
        return known[name]

    return max((below(name) for name in joined), key=len)


def mutual(graph: Graph) -> list[tuple[str, str]]:
    """Pairs of units that import each other."""
    of = units(graph)
    return sorted((a, b) for a in of for b in of[a] if a < b and a in of[b])


def figures(graph: Graph, module: str) -> Figures:
    """What is printed of a checkout; ``module`` is the one whose importers are counted."""
    found = circles(graph)
    return Figures(
        len(graph),
        sum(len(imported) for imported in graph.values()),
        len(found),
        sum(map(len, found)),
        len(longest_chain(graph)),
        len(mutual(graph)),
        sum(module in imported for imported in graph.values()),
    )


def _say(folders: Iterable[Path], module: str) -> None:
    graphs = [import_graph(folder) for folder in folders]
    for field, values in zip(Figures._fields, zip(*(figures(g, module) for g in graphs), strict=True), strict=True):
        label = f"importers of {module}" if field == "importers" else field.replace("_", " ")
        print(f"{label:28}", *(f"{value:>8}" for value in values))
    for folder, graph in zip(folders, graphs, strict=True):
        print(f"\n{folder}")
        for group in circles(graph):
            print("  circle:", ", ".join(sorted(group)))
        print("  longest chain:", " → ".join(longest_chain(graph)))
        print(f"  {module} is imported by:", ", ".join(sorted(n for n, found in graph.items() if module in found)))


def main() -> None:
    """Print the figures of each folder side by side, then its circles, its longest chain and the importers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT], metavar="FOLDER")
    parser.add_argument("--of", default="rag.index", metavar="MODULE", help="whose importers are named")
    given = parser.parse_args()
    _say(given.folders, given.of.removesuffix(".py").replace("/", "."))


if __name__ == "__main__":
    main()
