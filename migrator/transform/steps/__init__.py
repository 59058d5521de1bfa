"""The verbs of the mapping language, one a file. See :mod:`migrator.transform.verb` for what a verb declares."""
