"""Lines and layout boxes of a page in; ordered blocks with kinds and headings out. Knows no PDF library or chunks.

On one page: :mod:`~ingestion.layout.region_kinds` and :mod:`~ingestion.layout.figure_blocks` make blocks,
:mod:`~ingestion.layout.inner_text` leaves out what is said twice, :mod:`~ingestion.layout.lost_lines` and
:mod:`~ingestion.layout.paragraphs` add what is said nowhere, :mod:`~ingestion.layout.insertion` puts it in its place,
:mod:`~ingestion.layout.reading_order` reads columns one by one; :mod:`~ingestion.layout.code_listings`,
:mod:`~ingestion.layout.lists` and :mod:`~ingestion.layout.headings` join what the layout model split;
:mod:`~ingestion.layout.sideways` takes care of parts that are set sideways.

Over all pages of a document: :mod:`~ingestion.layout.running_headers`, :mod:`~ingestion.layout.page_labels`,
:mod:`~ingestion.layout.heading_levels` (by :mod:`~ingestion.layout.heading_numbers` and font sizes) and
:mod:`~ingestion.layout.heading_scope`.
"""
