#!/usr/bin/env bash
# gcodeparser 0.3.0 beside pygcode 0.2.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Reads the programs of milling machines and printers. Comments stand in parentheses (NIST RS274/NGC, 3.3.4; ISO 6983-1) or after a
# semicolon; gcodeparser knows the latter. What stands in parentheses is read as commands where a letter and a number are in it, and
# ends the command where not, so that the words behind it are lost:
#   program                       gcodeparser                      pygcode
#   (G1 X5)                       G1 X5                            a comment        moves are left out so
#   G1 X1 (first) Y3              G1 X1                            G1 X1 Y3
#   (T2 D6 drill)                 T2 D R I L                          a comment        lists of tools stand so in the head of programs
#   G54.1 P1                      G54, without P                   -                the first offset for the first extended one
#   G1 X1 ; (G1 X5)               G1 X1                            G1 X1
# So the way, the extent and the tools of a program are others than those of the machine. Lines that hold coordinates alone are left out
# (known, issue 9).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q gcodeparser==0.3.0 pygcode==0.2.1
tools/bin/python -W ignore - <<'PY'
import pygcode
from gcodeparser import GcodeParser

CASES = [  # line, commands by gcodeparser, codes by pygcode
    ("(G1 X5)", [(("G", 1), {"X": 5})], []),
    ("G1 X1 (first) Y3", [(("G", 1), {"X": 1})], ["G01 X1 Y3"]),
    ("(T2 D6 drill)", [(("T", 2), {"D": True, "R": True, "I": True, "L": True})], []),
    ("G1 X1 ; (G1 X5)", [(("G", 1), {"X": 1})], ["G01 X1"]),
    ("G1 X1 Y3", [(("G", 1), {"X": 1, "Y": 3})], ["G01 X1 Y3"]),
]
for line, seen, right in CASES:
    found = [(part.command, part.params) for part in GcodeParser(line).lines]
    block = pygcode.Line(line).block
    other = [str(code) for code in block.gcodes] if block else []
    print(f"{line:20} {found} {other}")
    assert (found, other) == (seen, right), line
[offset] = GcodeParser("G54.1 P1").lines
assert (offset.command, offset.params) == (("G", 54), {})
PY
