"""What is left out while Gradio is imported: stub files for editors, and a package for servers that are not used."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from ui.compat import gradio_import

ROOT = Path(__file__).parents[3]
LOOK = """
import sys
import ui, gradio, gradio.component_meta as components, gradio.mcp
from ui.compat import gradio_import
class Panel(gradio.HTML):
    EVENTS = ["asked"]
assert getattr(components, gradio_import.STUBS) is gradio_import._nothing
assert gradio_import.PACKAGE not in sys.modules
assert Panel.asked and gradio.Textbox.submit
import mcp
"""


def test_gradio_is_imported_without_stubs_and_servers_and_works() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("module", "there"),
    [
        (gradio_import.COMPONENTS, f"        {gradio_import.STUBS}(component_class, name, events)"),
        (gradio_import.SERVERS, f"    from {gradio_import.PACKAGE} import types"),
    ],
)
def test_this_gradio_has_what_is_left_out(module: str, there: str) -> None:
    """Fails with a version that does these things in another way: then look whether they still cost anything."""
    spec = importlib.util.find_spec(module)
    assert spec is not None and spec.origin is not None
    assert there in Path(spec.origin).read_text(encoding="utf-8")
