#!/usr/bin/env bash
# onnxruntime 1.31.1 from PyPI, CPU build, Python 3.11, Linux x86-64 (2026-11-29).
#
# `import onnxruntime` alone, without a session or a model, writes two files into the user's cache folder:
#     $XDG_CACHE_HOME/Microsoft/DeveloperTools/.onnxruntime/deviceid
#     $XDG_CACHE_HOME/Microsoft/DeveloperTools/.onnxruntime/onnxruntime.db
# a name for this device and a store of events for telemetry. The documented
# `onnxruntime.disable_telemetry_events()` comes too late: it needs the import. With ORT_DISABLE_TELEMETRY=1 in the
# environment before the import neither file appears. Seen: 2 files without the variable, 2 with the call, 0 with it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q onnxruntime==1.31.1
files() { find "$1" -path '*DeveloperTools/.onnxruntime*' -type f 2>/dev/null | wc -l; }
mkdir plain call variable
XDG_CACHE_HOME="$work/plain" HOME="$work/plain" tools/bin/python -c "import onnxruntime"
XDG_CACHE_HOME="$work/call" HOME="$work/call" tools/bin/python -c "import onnxruntime as o; o.disable_telemetry_events()"
ORT_DISABLE_TELEMETRY=1 XDG_CACHE_HOME="$work/variable" HOME="$work/variable" tools/bin/python -c "import onnxruntime"
echo "files: import $(files plain), import and call $(files call), variable $(files variable)"
[ "$(files plain)" -eq 2 ] && [ "$(files call)" -eq 2 ] && [ "$(files variable)" -eq 0 ]
