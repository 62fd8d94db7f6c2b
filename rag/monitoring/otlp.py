"""Stages as spans, and their times and counts as metrics, sent by OpenTelemetry to a collector that somebody has named.

``OTEL_EXPORTER_OTLP_ENDPOINT`` names it; without that nothing is sent, and no library of it is loaded. The other
variables of OpenTelemetry's SDK hold too (headers, certificates, sampling, intervals). The provider is this module's
own and not the process's: no other library's spans, which may hold words of documents, go along.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from rag.errors import BadSettings
from rag.monitoring.stages import Event, Stage, observe
from rag.monitoring.totals import LONG_BOUNDS

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINT, PROTOCOL, DISABLED = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_SDK_DISABLED"
PROTOCOLS = {
    "grpc": "opentelemetry-exporter-otlp-proto-grpc",  # comes with chromadb
    "http/protobuf": "opentelemetry-exporter-otlp-proto-http",
}
SERVICE = "pagesight"


def start(environ: Mapping[str, str] = os.environ) -> Callable[[], None]:
    """Send from now on, where a collector is named; what to call at the end, which sends what is left.

    Raises :class:`BadSettings` for a protocol that there is not, or whose library is not installed.
    """
    if not environ.get(ENDPOINT, "").strip() or environ.get(DISABLED, "").strip().lower() == "true":
        return lambda: None
    spans, metrics = _exporters(environ.get(PROTOCOL, "").strip() or "grpc")
    sender = Sender(spans, metrics)
    leave = observe(sender)

    def stop() -> None:
        leave()
        sender.stop()

    return stop


def _exporters(protocol: str) -> tuple[SpanExporter, MetricExporter]:
    if protocol not in PROTOCOLS:
        raise BadSettings(f"{PROTOCOL} is {protocol!r}; it can be {' or '.join(PROTOCOLS)}")
    kind = protocol.split("/", maxsplit=1)[0]
    try:
        from importlib import import_module

        traces: Any = import_module(f"opentelemetry.exporter.otlp.proto.{kind}.trace_exporter")
        metrics: Any = import_module(f"opentelemetry.exporter.otlp.proto.{kind}.metric_exporter")
    except ImportError as exc:
        raise BadSettings(
            f"{ENDPOINT} asks for OpenTelemetry over {protocol}, and its library is not installed: "
            f"`pip install {PROTOCOLS[protocol]}`, or unset {ENDPOINT} ({exc})"
        ) from exc
    return traces.OTLPSpanExporter(), metrics.OTLPMetricExporter()


class Sender:
    """An observer that makes a span of each stage, a histogram of their times, and a counter of each kind of event."""

    def __init__(self, spans: SpanExporter, metrics: MetricExporter) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        named = Resource.create()  # as OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say
        if str(named.attributes.get("service.name", "")).startswith("unknown_service"):
            named = named.merge(Resource({"service.name": SERVICE}))
        self._traces = TracerProvider(resource=named)
        self._traces.add_span_processor(BatchSpanProcessor(spans))
        self._metrics = MeterProvider([PeriodicExportingMetricReader(metrics)], resource=named)
        self._tracer = self._traces.get_tracer(SERVICE)
        meter = self._metrics.get_meter(SERVICE)
        self._seconds = meter.create_histogram(
            "pagesight.stage.duration", "s", "Time of a stage", explicit_bucket_boundaries_advisory=LONG_BOUNDS
        )
        self._first = meter.create_histogram(
            "pagesight.model.first_token",
            "s",
            "Time to a model's first piece",
            explicit_bucket_boundaries_advisory=LONG_BOUNDS,
        )
        self._events = meter.create_counter("pagesight.events", description="What happened, by its name and labels")

    def began(self, stage: Stage) -> None:
        """Begin its span, below that of the request's first stage."""
        from opentelemetry.trace import Span, set_span_in_context

        above = stage.parent.span if stage.parent is not None else None
        context = set_span_in_context(above) if isinstance(above, Span) else None
        stage.span = self._tracer.start_span(stage.name, context, start_time=stage.began)

    def ended(self, stage: Stage) -> None:
        """End its span, with its facts."""
        from opentelemetry.trace import Span, StatusCode

        failed = stage.error not in ("", "stopped")
        if isinstance(stage.span, Span):
            stage.span.set_attributes({f"pagesight.{name}": value for name, value in stage.facts.items()})
            if stage.number:
                stage.span.set_attribute("pagesight.request", stage.number)
            if stage.error:
                stage.span.set_attribute("error.type", stage.error)
            if failed:
                stage.span.set_status(StatusCode.ERROR)
            stage.span.end(stage.began + round(stage.seconds * 1e9))
        self._seconds.record(stage.seconds, {"stage": stage.name, "failed": failed})
        if stage.first:
            self._first.record(stage.first)

    def counted(self, event: Event, labels: dict[str, str], times: int) -> None:
        """Count it."""
        self._events.add(times, {"event": event, **labels})

    def stop(self) -> None:
        """Send what is left."""
        self._traces.shutdown()
        self._metrics.shutdown()
