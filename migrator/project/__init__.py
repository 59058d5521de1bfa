"""The composition root: a project folder becomes ready objects."""
