"""Alerts: incidents that nobody may leave for later; they reach the manager's pages within seconds."""

from typing import Final

URGENT: Final = ("duress", "check-in-overdue", "distress", "safety")
"""Kinds of incidents about somebody's safety, the most pressing first."""
