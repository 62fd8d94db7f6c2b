"""Blocks of a page in; figures and tables with captions, titles, parts and mentions out. Knows no files or pixels.

:mod:`~ingestion.captions.finding` says which texts are captions, :mod:`~ingestion.captions.linking` which figure or
table each belongs to; it calls :mod:`~ingestion.captions.subfigures` (parts under one caption) and
:mod:`~ingestion.captions.titles` (headings, names of parts, notes). :mod:`~ingestion.captions.frames` looks for what
stands at captions that found nothing. :mod:`~ingestion.captions.composites` then adds groups and slides as figures.
:mod:`~ingestion.captions.mentions` works on a whole document: the sentences that name a figure.
"""
