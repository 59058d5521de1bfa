"""Vietnamese text: pure functions on plain text."""
