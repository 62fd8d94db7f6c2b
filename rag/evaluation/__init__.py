"""Measuring retrieval: question sets, what a run returned, how good that is, and whether a change made it better.

Enters: question files, hits. Leaves: measures, comparisons, verdicts, and lines that tell them.
Must not know: how anything is found; :mod:`rag.evaluation.evaluate` searches.
"""
