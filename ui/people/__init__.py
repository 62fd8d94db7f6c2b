"""Requests in; who sends them and what they may do out. Knows no event, no panel and no index."""
