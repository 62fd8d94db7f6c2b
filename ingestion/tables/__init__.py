"""Words, rules and regions of a page in; tables as placed cells and as Markdown out. Knows no files or chunks.

The value that all modules work on is the cell (:mod:`~ingestion.tables.cells`). In this order they run, and why:

1. :mod:`~ingestion.tables.words` fills a grid that came without text: everything after it reads words.
2. :mod:`~ingestion.tables.side_by_side` cuts a region at the white between two captioned tables: their rows are not
   one.
3. :mod:`~ingestion.tables.headers` decides whether the first row is a header: repairs touch only what is below it.
4. :mod:`~ingestion.tables.repair` corrects rows and columns with :mod:`~ingestion.tables.rules`,
   :mod:`~ingestion.tables.columns`, :mod:`~ingestion.tables.spans`, :mod:`~ingestion.tables.group_names` and
   :mod:`~ingestion.tables.rows`; where rules or boxes close every cell (:mod:`~ingestion.tables.drawn_grid`), and where
   rules break off between rows (:mod:`~ingestion.tables.row_ends`), :mod:`~ingestion.tables.lattice` has the last word.
   :mod:`~ingestion.tables.drawing_sheets` tells what is a drawing in the frame of its sheet.
5. :mod:`~ingestion.tables.stacked` cuts a region at the captions and repeated headers between two tables: only repaired
   rows show where.
6. Each table by itself gets columns as wide as its rules, its header and the labels of its
   :mod:`~ingestion.tables.sections`.
7. What is no table after all becomes something else: a list (:mod:`~ingestion.tables.contents`), a figure or a text.
   The rest is written down as rows of text (:mod:`~ingestion.tables.grid`) and :mod:`~ingestion.tables.markdown`.

:mod:`~ingestion.tables.regions` is the recipe of these steps. :mod:`~ingestion.tables.cut_off` gives a region the rows
of its grid that the layout model left out, and :mod:`~ingestion.tables.borderless` finds the tables that it took for
text, once per page; :mod:`~ingestion.tables.continuation` joins tables over page breaks, once per document.
"""
