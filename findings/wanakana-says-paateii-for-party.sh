#!/usr/bin/env bash
# wanakana-python 1.2.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Turns Japanese syllables into Latin letters, as the JavaScript library WanaKana does, and back. Small vowels behind a syllable change its vowel, as in
# most words from other languages: ファ is fa, ティ ti, ヴァ va, フィ fi (Hepburn; Cabinet notice no. 2 of 1991 on loanwords, tables 1 and 2). They are
# read as vowels of full size, so that another word comes back; a doubling at the end is dropped. romkan 0.2.1 and pykakasi 2.3.0 have fairu:
#   word          to_romaji         is            back, to_katakana
#   ファイル      fuairu            fairu (file)   フアイル
#   フィルター    fyirutaa          firutaa        フィルタア
#   パーティー    paateii           paatii         パアテイイ
#   ヴァイオリン  vuaiorin          vaiorin        ヴアイオリン
#   ウェブ        uebu              webu           ウエブ
#   チェック      chekku            right          チェック
# No error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q wanakana-python==1.2.2 romkan==0.2.1 pykakasi==2.3.0
tools/bin/python - <<'PY'
import pykakasi
import romkan
import wanakana

CASES = {
    "ファイル": ("fuairu", "フアイル"),
    "フィルター": ("fyirutaa", "フィルタア"),
    "パーティー": ("paateii", "パアテイイ"),
    "ヴァイオリン": ("vuaiorin", "ヴアイオリン"),
    "ウェブ": ("uebu", "ウエブ"),
    "チェック": ("chekku", "チェック"),
}
for word, seen in CASES.items():
    written = wanakana.to_romaji(word)
    print(word, written, wanakana.to_katakana(written), romkan.to_roma(word))
    assert (written, wanakana.to_katakana(written)) == seen, word
converter = pykakasi.kakasi()
for word, right in {"ファイル": "fairu", "ヴァイオリン": "vaiorin"}.items():
    assert "".join(part["hepburn"] for part in converter.convert(word)) == romkan.to_roma(word) == right, word
PY
