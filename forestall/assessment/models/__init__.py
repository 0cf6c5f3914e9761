"""Tables of assessment, one module per noun."""

from .assessment import Assessment, Clearance, Dissent, Review, Scenario
from .judgement import Judgement
from .situation import Situation

__all__ = ["Assessment", "Clearance", "Dissent", "Judgement", "Review", "Scenario", "Situation"]
