"""A WordPress to write to, empty or with a record of everything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress_site import WordPress
from tests.wordpress_target import PNG, WHOLE, Target, opened


@pytest.fixture
def target(wordpress: WordPress) -> Iterator[Target]:
    with opened(wordpress, PNG) as found:
        yield found


@pytest.fixture
def carried(target: Target) -> Target:
    """A target where all of WHOLE stands."""
    if target.wordpress.remembers("whole"):
        target.wordpress.reset("whole")
    else:
        assert target.put(*WHOLE) == [""] * len(WHOLE)
        target.wordpress.remember("whole")
    return target
