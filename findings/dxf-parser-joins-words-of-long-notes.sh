#!/usr/bin/env bash
# dxf-parser 1.1.2, from npm, beside ezdxf 1.4.3, from PyPI, Node 20 or newer, Python 3.11, Linux (2026-12-01).
#
# Reads drawings (DXF). A note of more than 250 characters stands in parts (group 3, the last in group 1), cut wherever the 250 are full. The library trims every value, so
# that a blank at a cut is lost and two words or numbers become one. The length of an arc that passes 0° is negative:
#   part 1 ends "... max 10"     part 2 " 000 rpm"     "... max 10000 rpm"     is "max 10 000 rpm"
#   part 1 ends "... valve 1 "   part 2 "5 bar"        "... valve 15 bar"      is "valve 1 5 bar"
#   ARC from 350° to 10°         angleLength -340°                             is 20° (counterclockwise, always)
#   ARC from 10° to 350°         340°                                          right
# ezdxf writes the drawing and reads the notes as they were.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --no-audit --no-fund dxf-parser@1.1.2 >/dev/null
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q ezdxf==1.4.3
tools/bin/python - <<'PY'
import ezdxf

drawing = ezdxf.new()
space = drawing.modelspace()
notes = ["x" * (250 - len("max 10")) + "max 10 000 rpm.", "x" * (250 - len(" valve 1 ")) + " valve 1 5 bar."]
for note in notes:
    space.add_mtext(note)
space.add_arc((0, 0), 5, 350, 10)
space.add_arc((0, 0), 5, 10, 350)
drawing.saveas("drawing.dxf")
again = [note.text for note in ezdxf.readfile("drawing.dxf").modelspace().query("MTEXT")]
assert again == notes, again
PY
cat >look.mjs <<'JS'
import assert from "assert";
import { readFileSync } from "fs";
import { createRequire } from "module";
const loaded = createRequire(import.meta.url)("dxf-parser");
const Parser = loaded.default ?? loaded;
const { entities } = new Parser().parseSync(readFileSync("drawing.dxf", "utf8"));
const notes = entities.filter((one) => one.type === "MTEXT").map((one) => one.text.slice(-14));
const arcs = entities.filter((one) => one.type === "ARC").map((one) => Math.round((one.angleLength * 180) / Math.PI));
console.log(notes, arcs);
assert.deepEqual(notes, ["max 10000 rpm.", " valve 15 bar."]);
assert.deepEqual(arcs, [-340, 340]);
JS
node look.mjs
