"""The mapping language: what a consultant writes in YAML becomes a function from source rows to canonical records.

The way of a mapping: ``syntax`` reads files → ``check`` finds mistakes → ``compile`` makes closures. ``steps`` holds
the verbs.
"""
