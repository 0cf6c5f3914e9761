"""One folder per source of information. See `forestall.collecting` for the contract."""
