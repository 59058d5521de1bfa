"""Values only: what the parts of the tool say to each other. No input, no output."""
