"""Ground for every room: time, identifiers, refusals, words. No Django, no network."""
