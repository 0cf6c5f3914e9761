"""Text: normalisation, passages, the contract of suggesters and its evaluation. Pure; no Django."""
