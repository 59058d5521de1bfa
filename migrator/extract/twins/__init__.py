"""Twins: which records of two sources are one and the same article. Found by evidence, decided by rule or by a person.

The result is an evidence database that mappings read as they read any other source (`docs/twins.md`).
"""
