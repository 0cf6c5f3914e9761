"""The command line: the same questions and actions as the pages, by a named person or a declared system reader."""
