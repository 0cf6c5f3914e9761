"""Facts: what producers publish row by row, in one shape each: events, measures, findings. No Django.

A fact is no item: nobody triages it. It keeps its source's own fields word for word (`own`), where it stood (`row`),
and what a reader must know of it (`flags`). `vocabulary` says which words of which producer mean which type of event.
"""

from .event import DatePrecision, Event, PlacePrecision, Side
from .finding import Finding, FindingForm
from .measure import Measure
from .quality import Quality

Fact = Event | Measure | Finding

__all__ = [
    "DatePrecision",
    "Event",
    "Fact",
    "Finding",
    "FindingForm",
    "Measure",
    "PlacePrecision",
    "Quality",
    "Side",
]
