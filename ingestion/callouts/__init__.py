"""Lines, cells and figures of pages in; which words explain the numbers and signs in a figure out. Knows no files,
pixels or chunks.

:mod:`~ingestion.callouts.labels` finds the short labels that stand alone in a figure ("7", "C", "③"),
:mod:`~ingestion.callouts.legends` the rows of parts lists and legends ("7 Drain valve"), page by page.
:mod:`~ingestion.callouts.linking` works on a whole document: which rows explain which figure's labels, by the keys that
both have. :mod:`~ingestion.callouts.neighbours` finds the words beside small pictures that have none.
"""
