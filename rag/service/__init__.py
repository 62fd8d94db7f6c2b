"""Documents, questions, conversations and votes of whoever asks in; what comes of them out, the same for the page, the
HTTP API and MCP. Knows no address, request, page or protocol.
"""
