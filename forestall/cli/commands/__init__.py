"""One module per command, each with its `COMMAND`. A module in this folder is a command: nothing else is edited."""
