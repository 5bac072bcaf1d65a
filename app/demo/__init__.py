"""The demo clinic: a seeded generator of a fictional region, and the command that loads it."""
