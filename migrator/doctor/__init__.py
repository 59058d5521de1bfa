"""Checks before a run: each takes facts somebody gathered and says what is well, what is doubtful and what is wrong."""

from migrator.doctor.diagnosis import Diagnosis, Level, worst

__all__ = ["Diagnosis", "Level", "worst"]
