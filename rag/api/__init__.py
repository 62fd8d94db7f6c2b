"""HTTP requests of programs in; JSON, pictures and streams of events out, described by an OpenAPI document. Knows no
page, and nothing of how documents are kept or answers made.
"""
