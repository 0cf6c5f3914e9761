"""The advisory note: two pages to the Secretary-General, with an ask that somebody must answer."""
