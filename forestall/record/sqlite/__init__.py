"""SQLite for the record: as Django's, but a process whose disk failed to keep something writes no more."""
