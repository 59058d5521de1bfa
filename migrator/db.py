"""The one place where database connections are made: URL -> engine, and database errors -> sentences.

Facts: SQLite `mode=ro` URI file names (sqlite.org/uri.html); PostgreSQL `default_transaction_read_only`
(postgresql.org/docs/current/runtime-config-client.html); MariaDB `SET SESSION TRANSACTION READ ONLY`
(mariadb.com/kb/en/set-transaction).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from migrator.errors import AccessError, ConfigurationError, MigratorError, StopRun

CONNECT_TIMEOUT_S = 15

RETRY_AFTER_S = (0.1, 1.0, 3.0, 8.0, 20.0)
"""How long to wait before each further try of what a passing fault stopped; a server that restarts is back within that."""

WRITES_AFTER_READING = "migrator_writes_after_reading"
"""Execution option for transactions that read before they write: SQLite lets them wait for another writer only if they say so."""

_DRIVERS = {"postgresql": "psycopg", "mysql": "pymysql", "mariadb": "pymysql", "mssql": "pymssql", "oracle": "oracledb"}
_EXTRAS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql", "mssql": "mssql"}


class AnyValue(sa.types.TypeDecorator[Any]):
    """The type of a column nobody described: values are compared as the database's own column wants it.

    PostgreSQL compares no number with a text and casts nothing by itself; but a parameter of unknown type takes the
    type of the column it meets, so there every value is sent as text without a type.
    """

    impl = sa.types.NullType
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> Any:
        """As it is, or as untyped text."""
        if dialect.name != "postgresql" or value is None or isinstance(value, (str, bytes)):
            return value
        return str(value).lower() if isinstance(value, bool) else str(value)


def parse_url(url: str) -> URL:
    """The URL with a default driver filled in. ConfigurationError when it is none."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigurationError(
            "This is not a database URL.", "Write it like sqlite:///legacy.sqlite or mysql://user@host/name."
        ) from error
    driver = _DRIVERS.get(parsed.drivername)
    return parsed.set(drivername=f"{parsed.drivername}+{driver}") if driver else parsed


def shown(url: str) -> str:
    """The URL as it may be printed: without its password, and without its query, which may hold another one."""
    return parse_url(url).set(query={}).render_as_string(hide_password=True)


def open_engine(url: str, *, read_only: bool) -> Engine:
    """An engine whose every connection is checked to work as asked. AccessError says what to do where it cannot.

    With ``read_only`` the server itself refuses to write. A missing SQLite file is an error when reading, and is made
    when writing.
    """
    parsed = parse_url(url)
    engine = _create(parsed, read_only=read_only)
    try:
        with engine.connect():
            pass
    except SQLAlchemyError as error:
        engine.dispose()
        raise access_error(error, url) from error
    return engine


def _create(url: URL, *, read_only: bool) -> Engine:
    dialect = url.get_backend_name()
    arguments: dict[str, Any] = {}
    if dialect == "sqlite":
        return _sqlite(url, read_only=read_only)
    if dialect == "postgresql":
        arguments = {"connect_timeout": CONNECT_TIMEOUT_S, "client_encoding": "utf8"}
        options = (
            f"{url.query.get('options', '')} -c TimeZone=UTC"  # beside what the URL asks for, such as a search_path
        )
        arguments["options"] = f"{options} -c default_transaction_read_only=on" if read_only else options
    elif dialect in {"mysql", "mariadb"}:
        arguments = {"connect_timeout": CONNECT_TIMEOUT_S, "charset": "utf8mb4"}
        arguments["conv"] = _mysql_conversions()
        if url.password:  # as text, PyMySQL would encode it as Latin-1
            arguments["password"] = str(url.password).encode()
    try:
        engine = sa.create_engine(url, connect_args=arguments, pool_pre_ping=True)
    except NoSuchModuleError as error:
        raise ConfigurationError(f"No database of the kind '{url.drivername}' is known.", "Check the URL.") from error
    except ImportError as error:
        extra = _EXTRAS.get(dialect, dialect)
        raise ConfigurationError(
            f"The driver for {dialect} is not installed ({error}).", f"Install it: pip install 'migrator[{extra}]'"
        ) from error
    if dialect in {"mysql", "mariadb"}:
        event.listen(engine, "connect", _mysql_read_only if read_only else _mysql_strict)
    return engine


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    """SQLite with foreign keys on, own transaction control (BEGIN is sent by us) and, for reading, a read-only file."""
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        if read_only:
            if not path.is_file():
                raise AccessError(f"There is no database file {path}.", "Check the path in migration.yaml.")
            name = quote(path.resolve().as_posix())  # an SQLite URI, where % # ? mean something
            url = url.set(database=f"file:{name}", query={"mode": "ro", "uri": "true"})
        elif not path.parent.is_dir():
            raise AccessError(f"There is no folder {path.parent}.", "Make it, or correct the path in migration.yaml.")
    engine = sa.create_engine(url, connect_args={"timeout": 30})
    event.listen(engine, "connect", _sqlite_connect)
    if read_only:
        event.listen(engine, "connect", _sqlite_any_text)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # presets join texts with concat(), the one spelling all servers share; SQLite has it only since 3.44
    connection.create_function("concat", -1, _concat, deterministic=True)


def _sqlite_any_text(connection: Any, _record: object) -> None:
    """A text that is not UTF-8 must not stop the reading: its bytes become lone surrogates, and that one row is set aside."""
    connection.text_factory = _text


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _concat(*parts: Any) -> str:
    try:
        return "".join(parts)
    except TypeError:  # numbers and nulls among them
        return "".join([part if type(part) is str else str(part) for part in parts if part is not None])


def _sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get(WRITES_AFTER_READING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _mysql_read_only(connection: Any, _record: object) -> None:
    """No writes; and a TIMESTAMP is UTC, whatever zone the server is set to."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION time_zone = '+00:00'")
        cursor.execute("SET SESSION TRANSACTION READ ONLY")


class Many:
    """A statement done for many rows at once, prepared a single time: what is left of each row is what the driver needs.

    ``names`` are the columns every row has; all other parameters keep the values they have in the statement.
    """

    def __init__(self, engine: Engine, statement: sa.Insert, names: Iterable[str]) -> None:
        dialect, columns = engine.dialect, frozenset(names)
        compiled = statement.compile(dialect=dialect, column_keys=sorted(columns))
        self._sql = str(compiled)
        binds = compiled.binds
        self._positions: Sequence[str] | None = compiled.positiontup
        self._fixed = {name: bind.effective_value for name, bind in binds.items() if name not in columns}
        kinds = ((name, bind.type) for name, bind in binds.items() if not isinstance(bind.type, sa.LargeBinary))
        converters = ((name, kind.dialect_impl(dialect).bind_processor(dialect)) for name, kind in kinds)
        self._convert = [(name, convert) for name, convert in converters if convert is not None]

    def execute(self, connection: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Do it for every row; nothing for none."""
        values: list[Any] = []
        for row in rows:
            filled = {**row, **self._fixed}
            for name, convert in self._convert:
                filled[name] = convert(filled[name])
            values.append(tuple(map(filled.__getitem__, self._positions)) if self._positions is not None else filled)
        if values:
            connection.exec_driver_sql(self._sql, values)


class Among:
    """A question for the rows in which a column has one of many values, prepared once for each length of list.

    ``statement`` is the question without that condition. Values come as the driver gives them: a bool may be a number.
    """

    LENGTHS = (8, 64, 500)
    """What a list is filled up to, with its own last value; a longer one is asked in parts."""

    def __init__(self, engine: Engine, statement: sa.Select[Any], column: sa.ColumnElement[Any]) -> None:
        self._dialect, self._statement, self._column = engine.dialect, statement, column
        self._prepared: dict[int, tuple[str, Sequence[str] | None, dict[str, Any]]] = {}

    def rows(self, connection: sa.Connection, values: Iterable[Any]) -> list[sa.Row[*tuple[Any, ...]]]:
        """The rows, in no order; none for no values."""
        found: list[sa.Row[*tuple[Any, ...]]] = []
        rest = iter(values)
        while some := list(islice(rest, self.LENGTHS[-1])):
            length = next(each for each in self.LENGTHS if each >= len(some))
            sql, positions, fixed = self._prepared.get(length) or self._prepare(length)
            some += some[-1:] * (length - len(some))
            filled = fixed | {f"v{number}": value for number, value in enumerate(some)}
            given: Any = filled if positions is None else tuple(map(filled.__getitem__, positions))
            found += connection.exec_driver_sql(sql, given).all()
        return found

    def _prepare(self, length: int) -> tuple[str, Sequence[str] | None, dict[str, Any]]:
        among = [sa.bindparam(f"v{number}", type_=self._column.type) for number in range(length)]
        compiled = self._statement.where(self._column.in_(among)).compile(dialect=self._dialect)
        fixed = {name: bind.effective_value for name, bind in compiled.binds.items()}
        self._prepared[length] = str(compiled), compiled.positiontup, fixed
        return self._prepared[length]


def _mysql_strict(connection: Any, _record: object) -> None:
    """What does not fit a column is refused, never cut or mangled, whatever the server is set to."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION time_zone = '+00:00'")
        cursor.execute("SET SESSION sql_mode = concat_ws(',', nullif(@@sql_mode, ''), 'STRICT_ALL_TABLES')")


def _mysql_conversions() -> dict[Any, Any]:
    """The driver's own, and BIT as the number it is."""
    from pymysql.constants import FIELD_TYPE  # an optional driver
    from pymysql.converters import conversions

    return {**conversions, FIELD_TYPE.BIT: lambda value: int.from_bytes(value, "big")}


def limit_silence(engine: Engine, silence_s: float, name: str) -> None:
    """From now on no transaction of this engine holds a lock for long while its client stands still.

    The server ends one whose client says nothing for so long; and who waits for a lock for so long is told so. Sessions are
    called by the name, for :func:`end_silent_sessions`. Facts: PostgreSQL ``idle_in_transaction_session_timeout``,
    ``lock_timeout`` (postgresql.org/docs/current/runtime-config-client.html); MariaDB ``idle_transaction_timeout``
    (mariadb.com/kb/en/server-system-variables); MySQL only has ``wait_timeout``.
    """
    whole_s = max(1, round(silence_s))
    if engine.dialect.name == "postgresql":
        quoted = name.replace("'", "''")
        statements = [
            f"SET idle_in_transaction_session_timeout = '{whole_s}s'",
            f"SET lock_timeout = '{whole_s}s'",
            f"SET application_name = '{quoted}'",
        ]
    elif getattr(engine.dialect, "is_mariadb", False):
        statements = [f"SET SESSION idle_transaction_timeout = {whole_s}"]
    else:
        statements = [f"SET SESSION wait_timeout = {whole_s}"]

    def limit(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        connection.commit()

    event.listen(engine, "connect", limit)
    engine.dispose()  # connections made before would not be limited


def end_silent_sessions(connection: sa.Connection, name: str, silence_s: float) -> None:
    """End those whose name begins so, and whose transaction began so long ago.

    PostgreSQL measures no silence within an ``executemany``, which psycopg sends as a pipeline: a client that stands still
    there would hold its locks for ever. Other servers end such a session themselves (MariaDB: ``net_read_timeout``).
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND starts_with(application_name, :name)"
                " AND xact_start < clock_timestamp() - make_interval(secs => :silence_s)"
            ),
            {"name": name, "silence_s": silence_s},
        )


@contextmanager
def reading(url: str) -> Iterator[None]:
    """Turn database errors of the block into AccessError."""
    try:
        yield
    except SQLAlchemyError as error:
        raise access_error(error, url) from error


@contextmanager
def running(url: str) -> Iterator[None]:
    """Turn database errors of a block inside a run into StopRun: what is confirmed stays, the run can be resumed."""
    try:
        yield
    except SQLAlchemyError as error:
        found = access_error(error, url)
        raise StopRun(found.message, f"{found.next_step} Then start 'migrator run' again: it goes on.") from error


_PASSING_CODES = frozenset(
    {1040, 1053, 1077, 1079, 1158, 1159, 1160, 1161, 1205, 1213, 1927, 2002, 2003, 2006, 2013, 2055, 4031}
)
"""MariaDB and MySQL: too many connections, shutdown, network, lock wait, deadlock, killed, gone away, lost
(mariadb.com/kb/en/mariadb-error-code-reference)."""

_PASSING_STATES = ("08", "40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03", "57P05")
"""PostgreSQL: connection, serialization, deadlock, too many connections, lock, shutdown, crash, starting, idle session
(postgresql.org/docs/current/errcodes-appendix.html)."""


def is_passing(error: SQLAlchemyError) -> bool:
    """Whether the same may well succeed a moment later: the connection was lost, or another writer was in the way."""
    if not isinstance(error, DBAPIError):
        return False
    original = error.orig
    if error.connection_invalidated:
        return True
    state = getattr(original, "sqlstate", None)
    if type(original).__module__.startswith("psycopg"):
        if state is None:  # the driver's own word: no server said anything
            return type(original).__name__ == "OperationalError"
        return str(state).startswith(_PASSING_STATES)
    code = original.args[0] if original is not None and original.args else None
    if type(original).__module__.startswith("pymysql"):
        return code in _PASSING_CODES or (type(original).__name__ == "InterfaceError" and code == 0)
    return False


_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


class Forgetful(Protocol):
    """An adapter that can throw away its connections after a fault."""

    def forget(self) -> None:
        """Start from new connections."""


_Adapter = TypeVar("_Adapter", bound=Forgetful)


def persistent(
    method: Callable[Concatenate[_Adapter, _Arguments], _Answer],
) -> Callable[Concatenate[_Adapter, _Arguments], _Answer]:
    """Do a method again, from new connections, where a passing fault stopped it. Doing it twice must be as doing it once.

    After the last try the error is the one of :func:`running`.
    """

    @wraps(method)
    def tried(self: _Adapter, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Answer:
        for pause in RETRY_AFTER_S:
            try:
                return method(self, *args, **kwargs)
            except StopRun as error:
                if not isinstance(error.__cause__, SQLAlchemyError) or not is_passing(error.__cause__):
                    raise
            time.sleep(pause)
            self.forget()
        return method(self, *args, **kwargs)

    return tried


_RIGHTS = (
    ("command denied", "This account may not do that", "Give this account the rights it needs (docs/servers.md)."),
    ("permission denied", "This account may not do that", "Give this account the rights it needs (docs/servers.md)."),
    ("must be owner", "This account may not do that", "Let the owner of the tables do it (docs/servers.md)."),
)
"""Here the server's own words say which right on which table is missing."""

_SIGNS = (
    ("max_allowed_packet", "A record is larger than the server takes at once.", "Raise max_allowed_packet there."),
    ("packet bigger than", "A record is larger than the server takes at once.", "Raise max_allowed_packet there."),
    ("deadlock", "Another writer was in the way again and again (deadlock).", "Let it finish."),
    ("lock wait timeout", "Another program holds rows for too long.", "Let it finish."),
    ("lock timeout", "Another program holds rows for too long.", "Let it finish."),
    (
        "statement timeout",
        "The server ended a statement at its time limit.",
        "Raise statement_timeout for this account, or take smaller batches: --batch 50.",
    ),
    (
        "max_statement_time",
        "The server ended a statement at its time limit.",
        "Raise max_statement_time for this account, or take smaller batches: --batch 50.",
    ),
    ("too many connections", "The server has no connection left.", "Let others finish, or raise its limit."),
    ("connection was killed", "The connection to the database was cut.", "Check that the server runs."),
    ("terminating connection", "The connection to the database was cut.", "Check that the server runs."),
    ("lost connection", "The connection to the database was lost.", "Check that the server runs, and the network."),
    ("gone away", "The connection to the database was lost.", "Check that the server runs, and the network."),
    ("server closed the connection", "The connection to the database was lost.", "Check that the server runs."),
    ("connection reset", "The connection to the database was lost.", "Check that the server runs, and the network."),
    ("the connection is closed", "The connection to the database was lost.", "Check that the server runs."),
    ("the connection is lost", "The connection to the database was lost.", "Check that the server runs."),
    ("consuming input failed", "The connection to the database was lost.", "Check that the server runs."),
    ("disk is full", "The disk is full.", "Free space on it."),
    ("database or disk is full", "The disk is full.", "Free space on it."),
    ("no space left", "The disk is full.", "Free space on it."),
    ("disk i/o error", "The disk does not take what is written (I/O error; often it is full).", "Free space on it."),
    (
        "readonly database",
        "The database cannot be written.",
        "Give this account the right to write, or take another file.",
    ),
    ("read-only transaction", "The database cannot be written.", "Give this account the right to write."),
    ("read only transaction", "The database cannot be written.", "Give this account the right to write."),
    ("not a database", "The file is not an SQLite database.", "Check the path; restore the file from a backup."),
    ("malformed", "The database file is damaged.", "Restore it from a backup."),
    ("database is locked", "Another program holds the database.", "Let it finish."),
    ("unable to open database file", "The database file cannot be opened.", "Check the path and its rights."),
    ("attempt to write a readonly", "The database cannot be written.", "Give this account the right to write."),
    ("access denied", "The database refuses this account.", "Check user name, password and rights."),
    ("password authentication failed", "The database refuses this account.", "Check user name and password."),
    ("unknown database", "There is no such database on the server.", "Check the name in the URL."),
    ("no such table", "A table is missing.", "Run 'migrator mapping check'."),
    ("doesn't exist", "A table or database is missing.", "Run 'migrator mapping check'."),
    ("function", "The database does not know what a query asks for.", "Check the query, and the types of its columns."),
    (
        "operator does not exist",
        "Two columns of different types are compared.",
        "Cast one of them, in a declared query.",
    ),
    ("does not exist", "A table, database or account is missing.", "Check the name in the URL."),
    ("can't connect", "The database server does not answer.", "Check host and port, and that it runs."),
    ("connection refused", "The database server does not answer.", "Check host and port, and that it runs."),
    ("could not connect", "The database server does not answer.", "Check host and port, and that it runs."),
    ("connection failed", "The database server does not answer.", "Check host, port, user and password."),
    ("timeout", "The database server did not answer in time.", "Check host and port, and the network."),
)


def access_error(error: SQLAlchemyError, url: str) -> MigratorError:
    """The sentence for a database error, without statement, parameters or password."""
    original = error.orig if isinstance(error, DBAPIError) else error
    said = str(original)
    for sign, meaning, next_step in _RIGHTS:
        if sign in said.lower():
            words = str(original.args[-1] if original is not None and original.args else said).splitlines()[0]
            return AccessError(f"{shown(url)}: {meaning} ({words[:200]})", next_step)
    for sign, meaning, next_step in _SIGNS:
        if sign in said.lower():
            return AccessError(f"{shown(url)}: {meaning}", next_step)
    return AccessError(f"{shown(url)}: {type(original).__name__}: {said[:300]}", "Look at the database's own log.")
