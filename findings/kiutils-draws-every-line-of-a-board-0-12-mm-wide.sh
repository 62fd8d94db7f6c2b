#!/usr/bin/env bash
# kiutils 1.4.8, from PyPI, Python 3.11, Linux (2026-12-01).
#
# Reads and writes files of KiCad, "6.0 and up". Since KiCad 7 a graphic on a board has its width and its dashes in (stroke (width 0.5) (type dash)), before in (width 0.5) (KiCad's developer
# documentation, "Graphic line"). The library passes over the new one and gives every graphic its own default, which it writes:
#   on the board                                              read and written
#   gr_line, stroke of 0.5 mm, dashed                         (width 0.12), not dashed
#   gr_arc, gr_circle, gr_rect, gr_poly, gr_curve, 0.5 mm     (width 0.12)
#   gr_line with (width 0.5)                                  (width 0.5), right
#   fp_line of a footprint, stroke of 0.5 mm                  right
#   segment (a track) of 0.25 mm                              right
# So copper and the outline of a board are drawn with other widths after one reading and writing. No warning.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q kiutils==1.4.8
tools/bin/python -W ignore - <<'PY'
import re

from kiutils.board import Board

HEAD = (
    '(kicad_pcb (version 20221018) (generator pcbnew) (general (thickness 1.6)) (paper "A4") '
    '(layers (0 "F.Cu" signal) (44 "Edge.Cuts" user)) (setup (pad_to_mask_clearance 0)) (net 0 "") {})'
)
STROKE = '(stroke (width 0.5) (type dash)) {} (layer "F.Cu") (tstamp 1))'
CASES = [  # graphic, width that is written
    ("(gr_line (start 0 0) (end 1 1) " + STROKE.format(""), 0.12),
    ("(gr_arc (start 0 1) (mid 0.7 0.7) (end 1 0) " + STROKE.format(""), 0.12),
    ("(gr_circle (center 0 0) (end 1 0) " + STROKE.format("(fill none)"), 0.12),
    ("(gr_rect (start 0 0) (end 1 1) " + STROKE.format("(fill none)"), 0.12),
    ("(gr_poly (pts (xy 0 0) (xy 1 0) (xy 1 1)) " + STROKE.format("(fill solid)"), 0.12),
    ("(gr_curve (pts (xy 0 0) (xy 1 1) (xy 2 1) (xy 3 0)) " + STROKE.format(""), 0.12),
    ('(gr_line (start 0 0) (end 1 1) (layer "F.Cu") (width 0.5) (tstamp 1))', 0.5),
    ('(segment (start 0 0) (end 1 1) (width 0.25) (layer "F.Cu") (net 0) (tstamp 1))', 0.25),
    ('(footprint "R" (layer "F.Cu") (at 0 0) (fp_line (start 0 0) (end 1 1) ' + STROKE.format("") + ")", 0.5),
]
for graphic, seen in CASES:
    with open("made.kicad_pcb", "w", encoding="utf-8") as file:
        file.write(HEAD.format(graphic))
    written = Board.from_file("made.kicad_pcb").to_sexpr()
    (width,) = re.findall(r"\(width ([\d.]+)\)", written)
    print(graphic.split()[0], width, "dash" in written)
    assert float(width) == seen, graphic
    assert ("dash" in written) == ("fp_line" in graphic), graphic
PY
