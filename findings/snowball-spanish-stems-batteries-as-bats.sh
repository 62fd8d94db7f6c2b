#!/usr/bin/env bash
# snowballstemmer 3.1.1 (PyPI, pure Python), Spanish (2026-11-29).
#
# Nouns in -ería lose the whole ending, because it is also a conditional's ("comería"): batería (battery) → "bat", the stem of
# bate and batir; tubería (piping) → "tub", that of tubo; galería → "gal". So a search for the battery finds whisks. The same
# word typed without its accent is stemmed otherwise, "bateria" → "bateri", and so matches no page that is spelt right: folding
# accents before stemming, or after it, gives two different indexes. Seen: bat bat bat bateri tub tub.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q snowballstemmer==3.1.1
seen=$(tools/bin/python -c "
import snowballstemmer
print(*snowballstemmer.stemmer('spanish').stemWords(['batería', 'baterías', 'batir', 'bateria', 'tubería', 'tubo']))")
echo "$seen"
[ "$seen" = "bat bat bat bateri tub tub" ]
