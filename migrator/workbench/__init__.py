"""The mapping consultant's tools: tables for the spreadsheet, coverage, tests, comparison and the written mapping."""
