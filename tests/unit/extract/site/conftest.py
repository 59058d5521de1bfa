from collections.abc import Iterator

import pytest

from tests.unit.extract.site.server import Server, running


@pytest.fixture
def server() -> Iterator[Server]:
    """A web server of the test's own."""
    with running() as server:
        yield server
