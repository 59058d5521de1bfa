"""Reading legacy sources."""
