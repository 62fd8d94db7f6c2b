#!/usr/bin/env bash
# pikepdf 10.18.0 beside pypdf 7.1.1 and pypdfium2 5.15.2, from PyPI, Python 3.11, Linux (2026-11-30).
#
# Pages may be labelled with letters: "A to Z for the first 26 pages, AA to ZZ for the next 26, and so on" (ISO 32000-2, table 161,
# styles /A and /a), so after Z come AA, BB, CC. pikepdf's Page.label counts as columns of a sheet do, AA, AB, AC. Of a file with
# 60 lettered pages, seen
#   page       26    27    28    29    52    53     54
#   pikepdf    Z     AA    AB    AC    AZ    BA     BB
#   PDFium     Z     AA    BB    CC    ZZ    AAA    BBB      what viewers built on it show; pypdf says the same
# AA is right by chance, so that a test of one page beyond Z does not tell; and "BB" is page 28 to the viewer and page 54 to a
# program that looks it up with pikepdf. Roman and decimal labels and prefixes agree. pypdf counted as pikepdf does until September
# 2026 (pull request 4065); an erratum of the standard that said so was taken back (432 and 593 of pdf-association/pdf-issues).
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv tools
tools/bin/python -m pip --disable-pip-version-check install -q pikepdf==10.18.0 pypdf==7.1.1 pypdfium2==5.15.2
tools/bin/python - <<'PY'
import pikepdf
import pypdf
import pypdfium2

PAGES = 60


def labels(style: str) -> tuple[list[str], list[str], list[str]]:
    """The labels of 60 pages of this style with the prefix "P-", as pikepdf, PDFium and pypdf read them."""
    with pikepdf.new() as made:
        for _ in range(PAGES):
            made.add_blank_page(page_size=(200, 200))
        kind = pikepdf.Dictionary(S=pikepdf.Name(style), P="P-")
        made.Root.PageLabels = pikepdf.Dictionary(Nums=[0, kind])
        made.save("labelled.pdf")
    with pikepdf.open("labelled.pdf") as opened:
        by_pikepdf = [page.label for page in opened.pages]
    document = pypdfium2.PdfDocument("labelled.pdf")
    by_pdfium = [document.get_page_label(number) for number in range(PAGES)]
    document.close()
    return by_pikepdf, by_pdfium, list(pypdf.PdfReader("labelled.pdf").page_labels)


for style in ("/D", "/r", "/R"):
    by_pikepdf, by_pdfium, by_pypdf = labels(style)
    assert by_pikepdf == by_pdfium == by_pypdf
for style in ("/A", "/a"):
    by_pikepdf, by_pdfium, by_pypdf = labels(style)
    for name, read in (("pikepdf", by_pikepdf), ("PDFium", by_pdfium), ("pypdf", by_pypdf)):
        print(style, f"{name:8}", [read[page - 1] for page in (26, 27, 28, 29, 52, 53, 54)])
    assert by_pdfium == by_pypdf and by_pikepdf[:27] == by_pdfium[:27]
    right = [(chr(ord(style[1]) + n % 26)) * (n // 26 + 1) for n in range(PAGES)]
    assert by_pdfium == [f"P-{letters}" for letters in right]
    assert [label.removeprefix("P-").upper() for label in by_pikepdf[26:29]] == ["AA", "AB", "AC"]
    assert by_pdfium.index(f"P-{right[27]}") == 27 and by_pikepdf.index(f"P-{right[27]}") == 53
PY
