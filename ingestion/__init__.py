"""Files in, :class:`~ingestion.elements.Document` out: elements with pages and boxes. Knows no encoder, index or
model."""

import os

# ONNX Runtime (1.31, 2026-11) tells its maker of every session, and keeps a device's name, unless this is set before it
# is loaded
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
