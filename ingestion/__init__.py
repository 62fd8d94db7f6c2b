"""PDF in, :class:`~ingestion.elements.Document` out. Knows nothing of encoders, databases or models that answer."""
