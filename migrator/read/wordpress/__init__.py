"""WordPress read back over its REST API, as an editor sees it."""

from migrator.read.wordpress.media import WordPressMedia
from migrator.read.wordpress.reader import WordPressReader

__all__ = ["WordPressMedia", "WordPressReader"]
