#!/usr/bin/env bash
# NLTK 3.10.4 with llama-index-core 0.14.25, installed by uv 0.13.9, from PyPI, Python 3.11, Linux (2026-11-30).
#
# uv installs packages as hard links into its cache where the file system cannot clone files (--link-mode). This NLTK
# opens no data file that has a second name: "refusing multiply-linked file … a hardlink can point at an outside-root inode". The
# wheel of llama-index-core brings NLTK's data; its SentenceSplitter asks for a tokenizer that needs none and for the list of stop
# words beside it, which it does not use. So the same lock cuts texts where pip installed it and fails where uv did:
#   installed by                             SentenceSplitter().split_text("One. Two. …")
#   uv --link-mode=copy (pip copies, too)    pieces
#   uv --link-mode=hardlink                  PermissionError: Security Violation [pathsec.open]
# Short texts, which are not cut, pass in both. A splitter that is given chunking_tokenizer_fn does not ask for the list.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
unset NLTK_DATA
export UV_CACHE_DIR="$work/cache"
python3 -m venv tools && tools/bin/python -m pip --disable-pip-version-check install -q uv==0.13.9
cat >look.py <<'PY'
from llama_index.core.node_parser import SentenceSplitter

splitter = SentenceSplitter(chunk_size=20, chunk_overlap=0, tokenizer=str.split)
assert splitter.split_text("One. Two.") == ["One. Two."]
try:
    print(len(splitter.split_text("Open the valve. " * 20)), "pieces")
except PermissionError as error:
    assert "multiply-linked" in str(error) and "stopwords" in str(error), error
    print("PermissionError")
PY
for mode in copy hardlink; do
  python3 -m venv "$mode"
  tools/bin/uv pip install -q --python "$mode/bin/python" --link-mode="$mode" nltk==3.10.4 llama-index-core==0.14.25
  "$mode/bin/python" look.py >"$mode.txt" 2>"$mode.err" || { cat "$mode.err" >&2; exit 1; }
  echo "$mode: $(cat "$mode.txt")"
done
grep -q "pieces" copy.txt
grep -q "PermissionError" hardlink.txt
