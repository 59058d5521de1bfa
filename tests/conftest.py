"""Fixtures for every test: real database servers, and the material kept beside the checkout."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from tests.wordpress_site import WordPress, running

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
MARIADB = "mysql+pymysql://root@127.0.0.1:3306/?charset=utf8mb4"
CONNECT_TIMEOUT_S = 5


def _execute(server: URL, statement: str) -> None:
    engine = create_engine(
        server,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S},
    )
    with engine.connect() as connection:
        connection.execute(text(statement))


def _reachable(variable: str, default: str) -> URL:
    """The server's URL; without a server a visible skip, and a failure where CI promises one."""
    server = make_url(os.environ.get(variable) or default)
    reason = None
    try:
        _execute(server, "SELECT 1")
    except SQLAlchemyError as error:
        reason = f"no server at {server} (set {variable} to use another): {str(error).splitlines()[0]}"
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    if reason:
        pytest.skip(reason)
    return server


@contextmanager
def new_database(server: URL, create_options: str, drop_options: str) -> Iterator[str]:
    """SQLAlchemy URL of an empty database; dropped afterwards."""
    name = f"migrator_test_{uuid.uuid4().hex[:16]}"
    _execute(server, f"CREATE DATABASE {name} {create_options}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f"DROP DATABASE {name} {drop_options}")


@pytest.fixture(scope="session")
def postgres_server() -> URL:
    """A PostgreSQL server where databases may be created."""
    return _reachable("MIGRATOR_TEST_POSTGRES", POSTGRES)


@pytest.fixture(scope="session")
def mariadb_server() -> URL:
    """A MariaDB server where databases may be created."""
    return _reachable("MIGRATOR_TEST_MARIADB", MARIADB)


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """SQLAlchemy URL of an empty UTF-8 database of the test's own; dropped afterwards, open connections included."""
    with new_database(postgres_server, "ENCODING 'UTF8' TEMPLATE template0", "WITH (FORCE)") as url:
        yield url


@pytest.fixture
def mariadb_url(mariadb_server: URL) -> Iterator[str]:
    """SQLAlchemy URL of an empty utf8mb4 database of the test's own; dropped afterwards."""
    with new_database(mariadb_server, "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", "") as url:
        yield url


@pytest.fixture(scope="session")
def wordpress_site(mariadb_server: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """A WordPress that all tests share; see :func:`wordpress`."""
    with running(mariadb_server, tmp_path_factory.mktemp("wordpress")) as site:
        yield site


@pytest.fixture
def wordpress(wordpress_site: WordPress) -> WordPress:
    """A running WordPress as it was installed."""
    wordpress_site.reset()
    return wordpress_site


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder `../shared` beside the checkout: reference material that is not part of the project."""
    shared = Path(__file__).resolve().parents[2] / "shared"
    if not shared.is_dir():
        pytest.skip("no reference material: the folder ../shared beside the checkout is missing")
    return shared
