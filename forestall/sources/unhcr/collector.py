"""UNHCR, declared in `source.toml`."""

from forestall.collecting.jsonapi import advance, parse, plan

__all__ = ["advance", "parse", "plan"]
