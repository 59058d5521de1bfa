"""WordPress as other people set it up: in a folder, without pretty addresses, in another zone, as one site of a network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from sqlalchemy import URL

from migrator.ports import Write
from migrator.read.wordpress import WordPressMedia
from tests.wordpress_site import Layout, WordPress, running
from tests.wordpress_target import PNG, WHOLE, opened, service_of

pytestmark = [pytest.mark.slow, pytest.mark.real]

LAYOUTS = {
    "folder": Layout(path="/bao", zone="America/New_York"),
    "plain": Layout(permalinks="", zone=""),
    "network": Layout(path="/tinh", is_network=True),
}


@pytest.fixture(scope="module", params=list(LAYOUTS))
def elsewhere(
    request: pytest.FixtureRequest, mariadb_server: URL, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, WordPress]]:
    """A WordPress of each kind."""
    name = request.param
    with running(mariadb_server, tmp_path_factory.mktemp(name), LAYOUTS[name]) as site:
        yield name, site


def test_everything_arrives_is_read_back_and_taken_back(elsewhere: tuple[str, WordPress]) -> None:
    name, site = elsewhere
    with opened(site, PNG) as target:
        assert target.put(*WHOLE) == [""] * len(WHOLE)
        for sent in WHOLE:
            (found,) = target.reader.read(sent.entity, [sent.key])
            assert dict(found.fields) == dict(sent.fields), sent.key
        media = WordPressMedia(service_of(site), {})
        stored = dict(media.stored())
        digest = hashlib.sha256(PNG).hexdigest()
        assert stored == {digest: len(PNG)}
        assert hashlib.sha256(b"".join(media.target(digest) or ())).hexdigest() == digest
        media.close()
        assert target.put(*WHOLE) == [""] * len(WHOLE)
        target.restorer.loosen("article", [each.key for each in WHOLE if each.entity == "article"])
        refused = {}
        for each in reversed(WHOLE):
            (answer,) = target.loader.write([Write("withdraw", each.key, each.entity)])
            if answer.error:
                refused[each.key] = answer.error
        people = {each.key for each in WHOLE if each.entity in {"person", "account"}}
        if name == "network":  # where WordPress lets nobody be deleted over its API; what they keep stays with them
            assert people <= refused.keys() <= people | {"web:section:1"}
            assert "(rest_cannot_delete, 501)" in refused["web:person:6"]
        else:
            assert refused == {}
