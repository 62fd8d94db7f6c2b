"""A question and evidence in; an answer put together of their quotations, and how sure it is, out. Knows no model."""
