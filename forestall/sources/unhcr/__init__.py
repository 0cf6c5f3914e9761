"""UNHCR refugee population statistics."""
