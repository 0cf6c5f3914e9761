"""The writers of assessment, one module per noun."""
