"""Reading back what was written and witnessing what was there. Shares no code with extract and load."""
