"""What Gradio does while it is imported that a running app has no use for, left out: more than half of that time.

Gradio 6.31 writes a stub file (``.pyi``, for editors) of each of its 81 component classes, and takes the source of each
apart twice for it; where the environment may be written to, it also changes files there. And it loads the ``mcp``
package where that is installed, for servers that it is not asked for. The rest of Gradio is as it is. Where another
version has no such steps, nothing is changed (``tests/ui/compat/test_gradio_import.py`` tells).
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

COMPONENTS = "gradio.component_meta"
STUBS = "create_or_modify_pyi"  # (class, its name, its events) -> None
SERVERS = "gradio.mcp"  # does without the package where it is not installed
PACKAGE = "mcp"


class _Around(Loader):
    """Loads a module as its own loader does; subclasses do something before or after."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)


class _WithoutStubs(_Around):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, STUBS):
            setattr(module, STUBS, _nothing)


class _WithoutServers(_Around):
    """The package counts as not installed while this one module looks for it, unless somebody has loaded it before."""

    def exec_module(self, module: ModuleType) -> None:
        hidden = PACKAGE not in sys.modules
        if hidden:
            sys.modules[PACKAGE] = None  # type: ignore[assignment]  # what Python takes for "cannot be imported"
        try:
            super().exec_module(module)
        finally:
            if hidden:
                del sys.modules[PACKAGE]


class _Finder(MetaPathFinder):
    LOADERS: Mapping[str, type[_Around]] = {COMPONENTS: _WithoutStubs, SERVERS: _WithoutServers}

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        loader = self.LOADERS.get(name)
        spec = PathFinder.find_spec(name, path, target) if loader else None
        if loader and spec is not None and spec.loader is not None:
            spec.loader = loader(spec.loader)
        return spec


def quicken() -> None:
    """To be called before Gradio is imported; afterwards, and a second time, it changes nothing."""
    if COMPONENTS not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _nothing(*args: object) -> None:
    return None
