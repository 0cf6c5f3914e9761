"""Mail and uploads."""
