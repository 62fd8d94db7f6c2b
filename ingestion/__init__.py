"""Files in, :class:`~ingestion.elements.Document` out: elements with pages and boxes. Knows no encoder, index or
model."""
