"""Article bodies: one tolerant HTML5 parse in, a small and safe vocabulary out.

``clean`` keeps every word and every reference that a reader could see, and says in notes what it took away.
``plain_text`` is the same walk for those who want the words only. Pure functions: nothing here reads or writes.
"""

from migrator.html.clean import CleanBody, clean, plain_text
from migrator.html.limits import BodyTooLarge
from migrator.html.options import CleanOptions
from migrator.html.pictures import Image
from migrator.html.policy import NEWSROOM, Policy, policy

__all__ = [
    "NEWSROOM",
    "BodyTooLarge",
    "CleanBody",
    "CleanOptions",
    "Image",
    "Policy",
    "clean",
    "plain_text",
    "policy",
]
