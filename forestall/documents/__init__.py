"""One folder per document type: one definition for PDF, Word and preview."""
