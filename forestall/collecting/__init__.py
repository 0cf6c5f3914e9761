"""What a source is given: raw bytes kept first, pure parsing, limited child processes. No tables, no Django."""
