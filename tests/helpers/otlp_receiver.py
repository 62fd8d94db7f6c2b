"""A real OTLP receiver, by gRPC or by HTTP, which keeps what a program sends."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from gzip import decompress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import grpc
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2_grpc import (
    MetricsServiceServicer,
    add_MetricsServiceServicer_to_server,
)
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as traces
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)
from running import running


class Receiver(TraceServiceServicer, MetricsServiceServicer):
    """What came, as OpenTelemetry's messages."""

    def __init__(self) -> None:
        self.url = ""
        self.traces: list[Any] = []
        self.metrics: list[Any] = []

    def Export(self, request: Any, context: object) -> Any:
        """Both services have a method of this name; their requests tell them apart."""
        if isinstance(request, traces.ExportTraceServiceRequest):
            self.traces.append(request)
            return traces.ExportTraceServiceResponse()
        self.metrics.append(request)
        return metrics.ExportMetricsServiceResponse()

    def spans(self) -> list[Any]:
        """All spans of all requests."""
        return [
            span for one in self.traces for res in one.resource_spans for own in res.scope_spans for span in own.spans
        ]

    def instruments(self) -> dict[str, Any]:
        """The latest metrics, by name."""
        return {
            metric.name: metric
            for one in self.metrics
            for res in one.resource_metrics
            for own in res.scope_metrics
            for metric in own.metrics
        }


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.receiver = receiver


class Handler(BaseHTTPRequestHandler):
    server: HttpServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = decompress(body)
        kinds: dict[str, Any] = {
            "/v1/traces": traces.ExportTraceServiceRequest,
            "/v1/metrics": metrics.ExportMetricsServiceRequest,
        }
        reply = self.server.receiver.Export(kinds[self.path].FromString(body), None).SerializeToString()
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)


@contextmanager
def receiving(protocol: str) -> Iterator[Receiver]:
    """One at an address of this machine."""
    if protocol == "http/protobuf":
        receiver = Receiver()
        with running(HttpServer(receiver)) as server:
            receiver.url = f"http://127.0.0.1:{server.server_address[1]}"
            yield receiver
        return
    receiver, server = Receiver(), grpc.server(futures.ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(receiver, server)  # type: ignore[no-untyped-call]
    add_MetricsServiceServicer_to_server(receiver, server)  # type: ignore[no-untyped-call]
    receiver.url = f"http://127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield receiver
    finally:
        server.stop(None).wait()
