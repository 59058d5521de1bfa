"""WordPress as a target, over its REST API. What goes where is said by the platform's profile."""

from migrator.load.wordpress.loader import WordPressLoader

__all__ = ["WordPressLoader"]
