"""Collecting: what arrived becomes records, or is kept in quarantine with a sentence. Pure; no tables, no Django.

`intake.read` reads one file, `intake.read_all` a drop folder. Parsing runs in a limited child process.
"""
