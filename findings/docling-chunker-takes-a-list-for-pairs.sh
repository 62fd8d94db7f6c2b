#!/usr/bin/env bash
# docling-core 2.104.0: of a table with one column the chunkers make statements that it does not say, without its head.
#
# HierarchicalChunker and HybridChunker write tables as "row, column = value" (TripletTableSerializer). Of a table with
# the head "Accessories" over "Hose 2 m", "Clamp 40 mm", "Filter" the chunk is
#   'Hose 2 m = Clamp 40 mm. Hose 2 m = Filter'      the first entry is taken for the head, and the head is in no chunk
# and of one with a single entry, 'Hose 2 m'. export_to_markdown() has the head and three rows. Two columns are right
# ('KX-12, Mass = 18 kg'), but a last line over the whole table becomes a row with empty values. No warning.
# Such tables used to be left out of the chunks altogether (issue 323 of docling-core, mended in February 2026); now the
# first row below the head is taken for the head.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install "docling-core[chunking]==2.104.0"
"$folder/venv/bin/python" - <<'PY'
from docling_core.transforms.chunker.hierarchical_chunker import HierarchicalChunker
from docling_core.types.doc import DoclingDocument, TableCell, TableData


def chunk(rows: list[list[str]]) -> tuple[str, str]:
    """What the chunker and the export to Markdown say of a table whose first row is marked as its head."""
    cells = [
        TableCell(
            text=text, start_row_offset_idx=r, end_row_offset_idx=r + 1, start_col_offset_idx=c, end_col_offset_idx=c + 1,
            column_header=r == 0,
        )
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    ]  # fmt: skip
    doc = DoclingDocument(name="manual")
    doc.add_table(TableData(num_rows=len(rows), num_cols=len(rows[0]), table_cells=cells))
    return " | ".join(part.text for part in HierarchicalChunker().chunk(doc)), doc.export_to_markdown()


one, written = chunk([["Accessories"], ["Hose 2 m"], ["Clamp 40 mm"], ["Filter"]])
print(repr(one), "\n", written, sep="")
assert "Accessories" in written and written.count("\n") == 4
assert one == "Hose 2 m = Clamp 40 mm. Hose 2 m = Filter"
short, _ = chunk([["Accessories"], ["Hose 2 m"]])
print(repr(short))
assert short == "Hose 2 m"
two, _ = chunk([["Type", "Mass"], ["KX-12", "18 kg"], ["Note: without oil", ""]])
print(repr(two))
assert two == "KX-12, Mass = 18 kg. Note: without oil, Mass = "
PY
