"""Text in; the amounts, units, names and codes that it states, and whether another text states them too, out. Knows
no evidence."""
