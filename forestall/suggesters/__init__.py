"""One folder per kind of suggestion. See `forestall.reading` for the contract."""
