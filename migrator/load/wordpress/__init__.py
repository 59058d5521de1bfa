"""WordPress as a target, over its REST API. What goes where is said by the platform's profile."""

from migrator.load.wordpress.loader import WordPressLoader
from migrator.load.wordpress.restore import WordPressRestorer

__all__ = ["WordPressLoader", "WordPressRestorer"]
