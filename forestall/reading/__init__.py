"""Text as it is read: its normal forms, its passages, the suggester contract and how suggesters are measured.

No Django, no tables, no network. What kinds of suggestion exist is for the catalogue `suggesters`.
"""
