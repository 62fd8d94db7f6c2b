#!/usr/bin/env bash
# zhconv 1.4.3 beside OpenCC 1.4.2, from PyPI, Python 3.11, Linux x86-64 (2026-11-30).
#
# Turns simplified Chinese into traditional, where several characters became one: 里 is the mile in 公里 (kilometre) and stays, while 里 "inside" is
# 裡 or 裏; 干 is 幹 (to do) or stays, as in 干扰 (interference). zhconv takes the words of MediaWiki's tables ("the longest match") and
# where it has none, the commonest character. The words for units of length are not among its words:
#   simplified       zhconv, zh-tw        zh-hant, zh-hk       OpenCC (s2t), the usual spelling
#   5公里             5公裡                 5公裏                 5公里           5 km
#   海里, 英里          海裡, 英裡             海裏, 英裏              海里, 英里        nautical mile, mile
#   公里每小时         公裡每小時              公裏每小時              公里每小時       km/h
#   里程              裡程                 裏程                 里程            mileage
#   抗干扰             抗幹擾                抗幹擾                抗干擾           immunity to interference
#   里面, 干部, 表面, 头发     right in all
# No error. A search in traditional spelling for 公里 finds none of the texts that were converted; back in simplified all are equal.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q zhconv==1.4.3 opencc==1.4.2
tools/bin/python - <<'PY'
import opencc
import zhconv

CASES = {
    "5公里": ("5公裡", "5公裏", "5公里"),
    "海里": ("海裡", "海裏", "海里"),
    "英里": ("英裡", "英裏", "英里"),
    "公里每小时": ("公裡每小時", "公裏每小時", "公里每小時"),
    "里程": ("裡程", "裏程", "里程"),
    "抗干扰": ("抗幹擾", "抗幹擾", "抗干擾"),
    "干部": ("幹部", "幹部", "幹部"),
    "表面": ("表面", "表面", "表面"),
    "头发": ("頭髮", "頭髮", "頭髮"),
}
converter = opencc.OpenCC("s2t")
for text, seen in CASES.items():
    found = zhconv.convert(text, "zh-tw"), zhconv.convert(text, "zh-hant"), converter.convert(text)
    print(text, *found)
    assert found == seen, text
    assert zhconv.convert(text, "zh-hk") == found[1]
    assert zhconv.convert(found[0], "zh-cn") == text
PY
