"""Warnings, notes and recommendations: from a judgement to somebody who must answer (F4)."""
