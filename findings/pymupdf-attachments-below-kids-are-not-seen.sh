#!/usr/bin/env bash
# PyMuPDF 2.0: the embfile functions see no attachment whose name tree has branches.
#
# Embedded files hang in a name tree (ISO 32000-2, 7.9.6): its root has either /Names, or /Kids with the /Names. Writers
# that balance trees use /Kids, always for many files. With one and the same attachment
#   root has /Names   embfile_count() 1, embfile_names() ['one.txt'], embfile_get() works
#   root has /Kids    embfile_count() 0, embfile_names() []           no error, no warning, the file is not repaired
# MuPDF itself reads the second: pdf_load_name_tree() returns a dictionary with the one key.
# "This PDF has no attachments" is thus no safe conclusion, neither for indexing nor for screening mail.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pymupdf==2.0
"$folder/venv/bin/python" - <<'PY'
import pymupdf
from pymupdf import mupdf


def attached(branches: bool) -> pymupdf.Document:
    made = pymupdf.open()
    made.new_page()
    made.embfile_add("one.txt", b"first", filename="one.txt")
    made = pymupdf.open(stream=made.tobytes())
    if branches:
        root, leaf = made.pdf_catalog(), made.get_new_xref()
        names = made.xref_get_key(root, "Names/EmbeddedFiles/Names")[1]
        made.update_object(leaf, f"<</Limits[(one.txt)(one.txt)]/Names {names}>>")
        made.xref_set_key(root, "Names/EmbeddedFiles", f"<</Kids[{leaf} 0 R]>>")
    return pymupdf.open(stream=made.tobytes())


def in_tree(doc: pymupdf.Document) -> int:
    """Entries that MuPDF's own reader of name trees finds."""
    return mupdf.pdf_dict_len(mupdf.pdf_load_name_tree(pymupdf._as_pdf_document(doc), mupdf.PDF_ENUM_NAME_EmbeddedFiles))


flat, deep = attached(False), attached(True)
for label, doc in (("/Names", flat), ("/Kids", deep)):
    print(f"{label:7} count {doc.embfile_count()} names {doc.embfile_names()} in the tree {in_tree(doc)}")
assert flat.embfile_names() == ["one.txt"] and flat.embfile_get("one.txt") == b"first"
assert deep.embfile_count() == 0 and deep.embfile_names() == [] and not deep.is_repaired
assert in_tree(flat) == in_tree(deep) == 1
PY
