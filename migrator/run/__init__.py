"""Carrying a migration out: plan, loop, resume."""
