"""Whether and where a picture stands on a page: :mod:`~rag.sight.placing` guesses, :mod:`~rag.sight.judging` decides.

Enters: pixels, and words with their places. Leaves: transforms, boxes in points, how well they agree.
Must not know: indexes, documents, files. The only package of ``rag`` that imports OpenCV.
"""
