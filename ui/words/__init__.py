"""Messages in English in; the same in the language that a request wants out. Knows no component and no event."""
