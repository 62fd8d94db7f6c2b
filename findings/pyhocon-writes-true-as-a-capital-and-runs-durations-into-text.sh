#!/usr/bin/env bash
# pyhocon 0.3.63 (python-dateutil 2.9.0.post0) beside @pushcorn/hocon-parser 1.3.1 from npm; from PyPI, Python 3.11, Node 18 or newer, Linux
# (2026-11-30).
#
# HOCON, a JSON for people, needs no quotes: "a = every 5 minutes" is a text. The parts of such a text are joined "into a string", the blanks
# between them kept, "true" and "false" as such, numbers "as they were originally written in the file" (HOCON, "String value
# concatenation"). pyhocon makes values of the parts first, and writes those as Python does, with no blank behind them, without an error:
#   file                       pyhocon                                               hocon-parser and the specification
#   a = true story             Truestory                                             true story
#   a = 10 minutes walk        relativedelta(minutes=+10)walk                        10 minutes walk
#   a = 3 h 20 m               relativedelta(hours=+3)relativedelta(minutes=+20)     3 h 20 m
#   a = null and void          <pyhocon.config_tree.NoneValue object at 0x…>and void null and void
#   a = version 1.10           version 1.1                                           version 1.10
#   b = 5 m, a = x ${b} y      x relativedelta(minutes=+5) y                         x 5 m y
# A text that begins with a number that is no duration ("5 V 2 A") and quoted ones are right. Durations are to be read as such where
# a program asks for one; here all unquoted ones are, so that a hose of "5 m" is 300000 in JSON. As HOCON a duration is written with its
# first part alone: 90 s becomes "1 minutes".
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q pyhocon==0.3.63 python-dateutil==2.9.0.post0
npm install --silent --no-fund --no-audit --prefix "$work" @pushcorn/hocon-parser@1.3.1
cat >ask.mjs <<'JS'
import { readFileSync } from 'node:fs';
import parser from '@pushcorn/hocon-parser';

const answers = [];
for (const text of JSON.parse(readFileSync('files.json'))) answers.push((await parser.parse({ text })).a);
console.log(JSON.stringify(answers));
JS
tools/bin/python - <<'PY'
import json
import subprocess
from pathlib import Path

from pyhocon import ConfigFactory, HOCONConverter

CASES = [  # file, pyhocon, as specified
    ("a = true story", "Truestory", "true story"),
    ("a = false alarm", "Falsealarm", "false alarm"),
    ("a = 10 minutes walk", "relativedelta(minutes=+10)walk", "10 minutes walk"),
    ("a = every 5 minutes", "every relativedelta(minutes=+5)", "every 5 minutes"),
    ("a = 3 h 20 m", "relativedelta(hours=+3)relativedelta(minutes=+20)", "3 h 20 m"),
    ("a = version 1.10", "version 1.1", "version 1.10"),
    ("b = 5 m\na = x ${b} y", "x relativedelta(minutes=+5) y", "x 5 m y"),
    ("b = true\na = ${b}x", "Truex", "truex"),
    ("a = 5 V  2 A", "5 V  2 A", "5 V  2 A"),
    ("a = one two", "one two", "one two"),
    ('a = "true story"', "true story", "true story"),
]
Path("files.json").write_text(json.dumps([file for file, _, _ in CASES]))
run = subprocess.run(["node", "ask.mjs"], check=True, capture_output=True, text=True)
for (file, seen, right), other in zip(CASES, json.loads(run.stdout), strict=True):
    value = ConfigFactory.parse_string(file)["a"]
    print(f"{file!r:26} pyhocon {value:52} hocon-parser {other}")
    assert value == seen, file
    assert other == right, file
nothing = ConfigFactory.parse_string("a = null and void")["a"]
print(nothing)
assert nothing.startswith("<pyhocon.config_tree.NoneValue object") and nothing.endswith(">and void")

lengths = ConfigFactory.parse_string('hose = 5 m\nquoted = "5 m"\nrinse = 90 s')
assert json.loads(HOCONConverter.to_json(lengths)) == {"hose": 300000, "quoted": "5 m", "rinse": 90000}
written = HOCONConverter.to_hocon(lengths)
print(written)
assert "rinse = 1 minutes" in written and "30" not in written
PY
