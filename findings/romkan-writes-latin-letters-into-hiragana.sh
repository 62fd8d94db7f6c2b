#!/usr/bin/env bash
# romkan 0.2.1, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Japanese syllables into Latin letters and back, with tables of its own for katakana and for hiragana. Syllables of words from other
# languages are in the first alone, so that to_hiragana() leaves their first letter, which to_katakana() and wanakana-python 1.2.2 read; and ティ and
# チ, ディ and ヂ become one, so that another word comes back:
#   call                                    seen          is
#   to_hiragana("sheru")                    sへる         しぇる (shell)
#   to_hiragana("thisshu")                  tひっしゅ     てぃっしゅ (tissue)
#   to_katakana("sheru")                    シェル        right
#   to_kana(to_roma("パーティー"))           パーチー      パーティー
#   to_kana(to_roma("ディスク"))             ヂスク        ディスク (disk)
#   to_hiragana("chekku")                   ちぇっく      right
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q romkan==0.2.1 wanakana-python==1.2.2
tools/bin/python - <<'PY'
import romkan
import wanakana

for text, seen, right in [("sheru", "sへる", "しぇる"), ("thisshu", "tひっしゅ", "てぃっしゅ"), ("chekku", "ちぇっく", "ちぇっく")]:
    print(text, romkan.to_hiragana(text), wanakana.to_hiragana(text))
    assert romkan.to_hiragana(text) == seen, text
    assert wanakana.to_hiragana(text) == right, text
assert romkan.to_katakana("sheru") == "シェル"
for word, seen in {"パーティー": "パーチー", "ディスク": "ヂスク", "チェック": "チェック"}.items():
    again = romkan.to_kana(romkan.to_roma(word))
    print(word, romkan.to_roma(word), again)
    assert again == seen, word
PY
