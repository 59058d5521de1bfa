"""What a run tells while it works and when it ends: rates, a log for machines, metrics for monitoring."""
