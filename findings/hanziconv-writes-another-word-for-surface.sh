#!/usr/bin/env bash
# hanziconv 0.3.2 beside OpenCC 1.4.2, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# "This tool converts between simplified and traditional Chinese Characters" (README). Many simplified characters stand for several traditional
# ones, one of which looks the same. hanziconv has a table with one for each, and takes mostly the one that is not the same, or is rare, in
# whatever word:
#   simplified     hanziconv     OpenCC (s2t)       what hanziconv's characters say
#   表面             錶麵            表面     surface       watch, flour
#   千瓦             韆瓦            千瓦     kilowatt      swing, watt
#   制动             製動            制動     brake         manufacture, move
#   出口             齣口            出口     outlet        act of a play, mouth
#   系统             係統            系統     system        to be, unite
#   公里             公裏            公里     kilometre     public, inside
#   旋转             鏇轉            旋轉     rotation      lathe, turn
#   最大值、电压、螺丝     right
# Such a text is not found under its words, and reads as nonsense. No error, and no word of it in the documentation. (Ambiguous
# characters are what OpenCC's dictionaries of words are for.)
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q hanziconv==0.3.2 opencc==1.4.2
tools/bin/python - <<'PY'
import opencc
from hanziconv import HanziConv

CASES = {
    "表面": ("錶麵", "表面"),
    "千瓦": ("韆瓦", "千瓦"),
    "制动": ("製動", "制動"),
    "出口": ("齣口", "出口"),
    "系统": ("係統", "系統"),
    "公里": ("公裏", "公里"),
    "旋转": ("鏇轉", "旋轉"),
    "最大值": ("最大值", "最大值"),
    "电压": ("電壓", "電壓"),
    "螺丝": ("螺絲", "螺絲"),
}
converter = opencc.OpenCC("s2t")
for text, seen in CASES.items():
    found = HanziConv.toTraditional(text), converter.convert(text)
    print(text, *found)
    assert found == seen, text
PY
