"""Leases, turns and fences on real servers: who was given up can write nothing, whenever it comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from migrator.errors import StopRun, Superseded
from migrator.ledger import SqlLedger
from migrator.load.sql import SqlLoader, SqlVault
from migrator.model.outcome import Bucket, Outcome
from migrator.model.record import Record
from migrator.ports import Intent, Seal, Withheld, Write

OF = ("web", "section")
FIRST, SECOND = (None, (1,)), ((1,), (2,))
SILENCE_S = 1.0


@pytest.fixture
def opened(postgres_url: str) -> Iterator[Callable[[], SqlLedger]]:
    """Makes ledgers over one database, as processes of their own would have them."""
    made: list[SqlLedger] = []

    def another() -> SqlLedger:
        made.append(SqlLedger(postgres_url))
        return made[-1]

    yield another
    for ledger in made:
        ledger.close()


@pytest.fixture
def conductor(opened: Callable[[], SqlLedger]) -> SqlLedger:
    ledger = opened()
    ledger.begin("run", "digest", "{}")
    ledger.open_turns()
    return ledger


def joined(opened: Callable[[], SqlLedger], conductor: SqlLedger, name: str) -> SqlLedger:
    worker = opened()
    worker.join_from_afar(conductor.ticket(), name, SILENCE_S)
    return worker


def outcome(number: int) -> Outcome:
    return Outcome(f"web:section:{number}", Bucket.CREATED, bytes(32), bytes(32), content=bytes(32))


def confirm(ledger: SqlLedger, number: int) -> None:
    ledger.confirm(*OF, [outcome(number)], (number,), done=False)


def test_without_a_turn_nothing_is_put_on_record(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    worker = joined(opened, conductor, "a")
    with pytest.raises(Superseded):
        worker.intend([Intent("web:section:1", "section", "create")])
    with pytest.raises(Superseded):
        confirm(worker, 1)
    assert not list(conductor.journal())
    assert conductor.open_intent_count() == 0


def test_who_is_overtaken_puts_nothing_on_record(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    late, quick = joined(opened, conductor, "late"), joined(opened, conductor, "quick")
    assert late.take_turn(1, OF, FIRST)
    late.intend([Intent("web:section:1", "section", "create")])
    assert quick.take_turn(2, OF, FIRST)
    acts: list[Callable[[], None]] = [
        lambda: confirm(late, 1),
        lambda: late.intend([Intent("web:section:9", "section", "create")]),
        lambda: late.settle(["web:section:1"]),
        lambda: late.bringing(["00"]),
    ]
    for act in acts:
        with pytest.raises(Superseded):
            act()
    assert conductor.open_intent_count() == 1
    confirm(quick, 1)
    assert [entry.count for entry in conductor.journal()] == [1]
    assert conductor.open_intent_count() == 0


def test_an_old_token_is_no_turn(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    late, quick = joined(opened, conductor, "late"), joined(opened, conductor, "quick")
    assert quick.take_turn(2, OF, FIRST)
    for token in (1, 2):  # 2: Dask may do a call again at another process
        with pytest.raises(Superseded):
            late.take_turn(token, OF, FIRST)
    assert quick.take_turn(2, OF, FIRST)  # the answer of the first try was lost


def test_a_range_that_is_on_record_is_not_done_again(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    late, quick = joined(opened, conductor, "late"), joined(opened, conductor, "quick")
    assert late.take_turn(1, OF, FIRST)
    confirm(late, 1)  # and its answer does not come
    assert not quick.take_turn(2, OF, FIRST)
    assert quick.take_turn(3, OF, SECOND)
    confirm(quick, 2)
    with pytest.raises(Superseded):
        late.take_turn(4, OF, FIRST)
    assert conductor.position(*OF) == ((2,), 2)


def test_the_next_run_shuts_out_the_workers_of_the_last(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    worker = joined(opened, conductor, "a")
    assert worker.take_turn(1, OF, FIRST)
    conductor.release()
    opened().begin("run", "digest", "{}")
    with pytest.raises(StopRun, match="Another process took over"):
        confirm(worker, 1)
    with pytest.raises(StopRun, match="another ledger than the run, or the run is over"):
        joined(opened, conductor, "b")


def test_of_two_that_race_one_is_first_as_a_whole(opened: Callable[[], SqlLedger], conductor: SqlLedger) -> None:
    late, quick = joined(opened, conductor, "late"), joined(opened, conductor, "quick")
    for token in range(1, 20, 2):
        assert late.take_turn(token, OF, (None, (99,)))
        said: list[str] = []
        thread = threading.Thread(target=_tried, args=(late, said))
        thread.start()
        first = quick.take_turn(token + 1, OF, (None, (99,)))
        thread.join(30)
        entries = len(list(conductor.journal()))
        assert first == (said == ["Superseded"])
        assert entries == (0 if first else 1)
        if not first:
            return


def _tried(ledger: SqlLedger, said: list[str]) -> None:
    try:
        ledger.confirm(*OF, [outcome(1)], (99,), done=False)
    except Superseded:
        said.append("Superseded")
    else:
        said.append("done")


@pytest.mark.timeout(60)
@pytest.mark.parametrize("pipelined", [False, True])
def test_a_transaction_that_stands_still_is_ended(
    pipelined: bool, opened: Callable[[], SqlLedger], conductor: SqlLedger
) -> None:
    """Also behind an executemany, where PostgreSQL's own clock does not run."""
    late, quick = joined(opened, conductor, "late"), joined(opened, conductor, "quick")
    assert late.take_turn(1, OF, FIRST)
    with _standing_still(late, pipelined):
        assert quick.take_turn(2, OF, FIRST)
        confirm(quick, 1)
    assert [entry.count for entry in conductor.journal()] == [1]


@contextmanager
def _standing_still(ledger: SqlLedger, pipelined: bool) -> Iterator[None]:
    """A transaction of a worker that has locked its turn and says nothing more; at the end it tries to commit, and cannot."""
    transaction = ledger._writing()
    connection = transaction.__enter__()
    ledger._lease.beat(connection)
    if pipelined:
        connection.exec_driver_sql("INSERT INTO meta VALUES (%s, %s)", [("a", "1"), ("b", "2")])
    yield
    with pytest.raises(StopRun):
        transaction.__exit__(None, None, None)


# --- at the target ---
@pytest.fixture(params=["postgresql", "mariadb"])
def target_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("postgres_url" if request.param == "postgresql" else "mariadb_url")
    return url


@pytest.fixture
def loaders(target_url: str) -> Iterator[Callable[[], SqlLoader]]:
    made: list[SqlLoader] = []

    def another() -> SqlLoader:
        made.append(SqlLoader(target_url))
        return made[-1]

    another().prepare()
    yield another
    for loader in made:
        loader.close()


SEAL, NEXT = Seal("ledger", "run-one"), Seal("ledger", "run-two")
KEY = "web:tag:1"


def put(loader: SqlLoader, name: str) -> None:
    record = Record(KEY, "tag", {"name": name, "slug": name})
    (answer,) = loader.write([Write("put", KEY, "tag", record=record)])
    assert not answer.error


def name_of(loader: SqlLoader) -> str | None:
    image = loader.before_images("tag", [KEY]).get(KEY)
    return None if image is None else image.split('"name":"')[1].split('"')[0]


def at_work(loaders: Callable[[], SqlLoader], worker: str) -> SqlLoader:
    loader = loaders()
    loader.fence.join(SEAL, worker, SILENCE_S)
    return loader


def test_where_nobody_ever_claimed_there_is_no_fence(loaders: Callable[[], SqlLoader]) -> None:
    loader = loaders()
    loader.fence.claim(SEAL, make=False)
    put(loader, "free")
    assert name_of(loader) == "free"


def test_who_is_overtaken_writes_nothing(loaders: Callable[[], SqlLoader]) -> None:
    loaders().fence.claim(SEAL, make=True)
    late, quick = at_work(loaders, "late"), at_work(loaders, "quick")
    with pytest.raises(Superseded):
        put(late, "without a turn")
    late.fence.take_turn(1)
    put(late, "in its turn")
    quick.fence.take_turn(2)
    with pytest.raises(Superseded):
        put(late, "too late")
    with pytest.raises(Superseded):
        late.fence.take_turn(1)
    assert name_of(quick) == "in its turn"
    put(quick, "the newest")
    assert name_of(late) == "the newest"


def test_the_next_run_shuts_out_who_outlived_the_last(loaders: Callable[[], SqlLoader]) -> None:
    first = loaders()
    first.fence.claim(SEAL, make=True)
    worker = at_work(loaders, "a")
    worker.fence.take_turn(1)
    following = loaders()
    following.fence.claim(NEXT, make=False)  # one process: it makes no fence, but heeds the one that is there
    put(following, "next run")
    for late in (worker, first):
        with pytest.raises(Superseded):
            put(late, "too late")
    assert name_of(following) == "next run"


def test_the_fence_of_another_paper_is_its_own(loaders: Callable[[], SqlLoader]) -> None:
    ours, theirs = loaders(), loaders()
    ours.fence.claim(SEAL, make=True)
    theirs.fence.claim(Seal("another ledger", "run"), make=True)
    put(ours, "ours")
    put(theirs, "theirs")
    assert name_of(ours) == "theirs"


def test_a_worker_with_another_target_is_refused(loaders: Callable[[], SqlLoader]) -> None:
    with pytest.raises(StopRun, match="another target or vault"):
        at_work(loaders, "before it was claimed")
    loaders().fence.claim(NEXT, make=True)
    with pytest.raises(StopRun, match="another target or vault"):
        at_work(loaders, "of another run")


@pytest.mark.timeout(60)
def test_a_write_that_stands_still_is_ended(loaders: Callable[[], SqlLoader]) -> None:
    loaders().fence.claim(SEAL, make=True)
    late, quick = at_work(loaders, "late"), at_work(loaders, "quick")
    late.fence.take_turn(1)
    with late._engine.connect() as connection:
        late.fence.check(connection)
        quick.fence.take_turn(2)
        with pytest.raises(DBAPIError):
            connection.execute(sa.text("SELECT 1"))
    put(quick, "the newest")


def test_the_vault_has_a_fence_too(target_url: str) -> None:
    vaults = [SqlVault(target_url) for _ in range(3)]
    vaults[0].prepare()
    vaults[0].fence.claim(SEAL, make=True)
    for vault, name in zip(vaults[1:], ("late", "quick"), strict=True):
        vault.fence.join(SEAL, name, SILENCE_S)
    vaults[1].fence.take_turn(1)
    vaults[1].keep([Withheld(Record(KEY, "tag", {"name": "x"}), "why", "rule")])
    vaults[2].fence.take_turn(2)
    with pytest.raises(Superseded):
        vaults[1].keep([Withheld(Record(KEY, "tag", {"name": "y"}), "why", "rule")])
    with pytest.raises(Superseded):
        vaults[1].release([KEY])
    vaults[2].release([KEY])
    for vault in vaults:
        vault.close()
