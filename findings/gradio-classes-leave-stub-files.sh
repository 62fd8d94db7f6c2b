#!/usr/bin/env bash
# Gradio 6.31.0 from PyPI, Python 3.11, Linux (2026-11-29).
#
# Every class of a component writes a .pyi beside the module it stands in when it is defined, that is at import. The wheel brings
# the stubs of its own components, so `import gradio` adds none. But one is missing there: the first `gr.api(...)` of a program
# writes gradio/components/api_component.pyi into site-packages. It is in no RECORD, and so it stays after `pip uninstall`.
# A subclass in a program's own module, `class Box(gr.Textbox)`, leaves box.pyi in the program's own source folder, where type
# checkers take it instead of box.py. Seen: import none, gr.api api_component.pyi, own class box.pyi, after uninstalling
# api_component.pyi.
set -euo pipefail
export GRADIO_ANALYTICS_ENABLED=False
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gradio==6.31.0
mkdir own && printf 'import gradio as gr\n\n\nclass Box(gr.Textbox):\n    pass\n' >own/box.py
stubs() { find tools/lib own -name '*.pyi' -exec sha256sum {} + | sort; }
added() { comm -13 "$1" "$2" | sed 's|.*/||' | paste -sd' '; }
stubs >start
tools/bin/python -c "import gradio"
stubs >import
tools/bin/python - <<'PY'
import gradio as gr

def answer(question: str) -> str:
    return question

with gr.Blocks():
    gr.api(answer, api_name="ask")
PY
stubs >api
PYTHONPATH=own tools/bin/python -c "import box"
stubs >class
tools/bin/python -m pip --disable-pip-version-check uninstall -q -y gradio
left=$(find tools/lib/python*/site-packages/gradio -name '*.pyi' -exec basename {} \;)
seen="import: $(added start import), gr.api: $(added import api), own class: $(added api class), left: $left"
echo "$seen"
[ "$seen" = "import: , gr.api: api_component.pyi, own class: box.pyi, left: api_component.pyi" ]
