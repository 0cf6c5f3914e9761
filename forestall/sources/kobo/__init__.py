"""Submissions kept by KoboToolbox."""
