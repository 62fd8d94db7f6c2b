"""Requests to our own addresses in; JSON, pictures and pages out, for those who may see them. Knows no component."""
