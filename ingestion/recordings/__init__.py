"""A recording or film in; its pages out: stretches of time, each with its key frames and what is said in it. Knows
nothing of layout models, tables or chunks."""
