"""migrator: bring a newspaper's archive onto a new platform, lose no word, and prove it."""

__version__ = "0.1.0"
