"""Whether and where a picture stands on a page: :mod:`~rag.retrieval.image.registration` guesses,
:mod:`~rag.retrieval.image.verification` decides.

Enters: pixels, and words with their places. Leaves: transforms, boxes in points, how well they agree.
Must not know: indexes, documents, files. The only package of ``rag`` that imports OpenCV.
"""
