"""Documents of the United Nations, from its Digital Library."""
