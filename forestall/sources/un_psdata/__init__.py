"""Data sets of the UN Peace and Security Data Hub."""
