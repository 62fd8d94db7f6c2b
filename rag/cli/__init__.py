"""Arguments in; lines for people or JSON, and exit codes out. Knows nothing of how anything is done."""
