"""Writing target platforms."""
