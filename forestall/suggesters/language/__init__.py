"""Which language, or languages, a text is written in."""
