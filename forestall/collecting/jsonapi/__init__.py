"""Sources of JSON that are declared and not written: `[settings.api]` of a definition says how to ask and what the rows mean.

Such a source's `collector.py` only takes `plan`, `parse` and `advance` from here. `definition` tells what may be declared;
a key that nobody reads is refused.
"""

from .answers import parse
from .turns import advance, plan

__all__ = ["advance", "parse", "plan"]
