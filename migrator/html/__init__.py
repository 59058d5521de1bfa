"""Article bodies: one tolerant HTML5 parse in, a small and safe vocabulary out.

``clean`` keeps every word and every reference that a reader could see, and says in notes what it took away.
``plain_text`` is the same walk for those who want the words only. Pure functions: nothing here reads or writes.
"""

from migrator.html.clean import CleanBody, CleanOptions, clean, plain_text

__all__ = ["CleanBody", "CleanOptions", "clean", "plain_text"]
