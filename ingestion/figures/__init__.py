"""Pixels and boxes of a page in; regions that are figures, and their crops out. Knows nothing of text or tables.

:mod:`~ingestion.figures.detection` works on boxes: which belong together, which can be a figure at all.
:mod:`~ingestion.figures.segmentation` and :mod:`~ingestion.figures.texture` look at the page's render, the one for ink
(charts, drawings), the other for the fine texture of photographs. :mod:`~ingestion.figures.crops` cuts out what was
found.
"""
