"""An index's own captions, mentions and crops in; a projection that brings its encoder's parts together out. Knows
nothing of questions."""
