"""Unit-time tables for forecasting, with their vintages. No Django.

`shipped_years()` and `shipped_months()` read the tables that travel with the package (UCDP, CC BY 4.0; the `.toml`
beside each says where from); `refresh` builds newer ones; `coverage` says where each State's deaths are counted.
"""

from .coverage import Coverage, coverage
from .outcome import OSV_COMING_YEAR, Outcome
from .table import Grain, Panel
from .tablefile import Attribution, open_table, shipped_attributions, shipped_months, shipped_years

__all__ = [
    "OSV_COMING_YEAR",
    "Attribution",
    "Coverage",
    "Grain",
    "Outcome",
    "Panel",
    "coverage",
    "open_table",
    "shipped_attributions",
    "shipped_months",
    "shipped_years",
]
