"""Objects of threat information exchanged in STIX, from a bundle or a TAXII 2.1 collection."""
