"""Exchanges and documents in; chat messages, JSON of the panels and safe HTML out. Knows no event and no address."""
