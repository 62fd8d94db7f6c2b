"""A question in; its language, what it wants and what it looks for in passages, and the phrases to answer it with,
out. Knows no answers."""
