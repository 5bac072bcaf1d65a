"""Records: what they hold, and how they are saved."""
