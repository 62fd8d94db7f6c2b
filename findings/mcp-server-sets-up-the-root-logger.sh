#!/usr/bin/env bash
# mcp 2.3.0 from PyPI, Python 3.11, Linux (2026-11-29).
#
# Constructing an `MCPServer`, before anything is served, calls `logging.basicConfig`: the root logger gets a handler to
# stderr (a RichHandler where rich is installed) and the level INFO. A program that holds such a server among other things
# did not ask for that, and its own plain `logging.basicConfig(filename=..., level=DEBUG)` afterwards does nothing, without a
# word: no file, no debug lines. `log_level` sets the level of this handler's logger, not whether there is one. If the program
# configures its logging before it constructs the server, its own setting stays.
# Seen: before "[] WARNING", after "['StreamHandler'] INFO", with rich "['RichHandler'] INFO", own file False, own file first True.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q mcp==2.3.0
cat >look.py <<'PY'
import logging
import pathlib
import sys

from mcp.server import MCPServer

def root() -> str:
    logger = logging.getLogger()
    return f"{[type(handler).__name__ for handler in logger.handlers]} {logging.getLevelName(logger.level)}"

def own() -> None:
    logging.basicConfig(filename="own.log", level=logging.DEBUG)

pathlib.Path("own.log").unlink(missing_ok=True)
seen = [root()]
if "first" in sys.argv:
    own()
MCPServer("example")
seen.append(root())
if "first" not in sys.argv:
    own()
logging.getLogger("program").debug("a line of the program")
print(*seen, pathlib.Path("own.log").exists(), sep=" | ")
PY
plain=$(tools/bin/python look.py)
first=$(tools/bin/python look.py first)
tools/bin/python -m pip --disable-pip-version-check install -q rich==15.0.0
rich=$(tools/bin/python look.py)
printf '%s\n' "$plain" "$first" "$rich"
[ "$plain" = "[] WARNING | ['StreamHandler'] INFO | False" ]
[ "$first" = "[] WARNING | ['FileHandler'] DEBUG | True" ]
[ "$rich" = "[] WARNING | ['RichHandler'] INFO | False" ]
