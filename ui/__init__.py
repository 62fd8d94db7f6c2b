"""Events of a browser's page in; updates of that page, and pictures of indexed documents, out. Knows no index format,
encoder or model: :mod:`rag.service` alone asks for answers and documents. The only package that imports Gradio.
"""

from ui.compat.gradio_import import quicken

quicken()
