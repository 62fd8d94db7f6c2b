"""A library in; a backup of one moment of it, a library made of one, or a copy at another place, checked, out. Knows
nothing of questions."""
