"""The crew's order, with a team that dies by the book."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import pytest

from migrator.errors import StopRun
from migrator.run.crew import Crew
from migrator.run.engine import Member
from migrator.run.worker import Done, Failed, Heard, Ready, Task, Turn


class Hand:
    """Prepares at once, and completes at once, unless it is dead."""

    def __init__(self, team: Hands) -> None:
        self.held: dict[int, Task] = {}
        self.team = team

    def tell(self, told: Task | Turn) -> None:
        self.team.told.append(told)
        if isinstance(told, Turn) and told.number in self.team.deadly:
            self.team.deadly.remove(told.number)
            if told.number in self.team.done_and_dead:
                self.team.on_record.append(told.number)
            self.team.said.append((self, None))
        elif isinstance(told, Turn):
            self.team.on_record.append(told.number)
            self.team.said.append((self, Done(told.number)))
        else:
            self.team.said.append((self, Ready(told.number)))


class Hands:
    """A team of fake members; those that die are not replaced, unless ``spare`` says how many come later."""

    def __init__(
        self, size: int, *, deadly: Sequence[int] = (), done_and_dead: Sequence[int] = (), spare: int = 0
    ) -> None:
        self.deadly, self.done_and_dead, self.spare = list(deadly), done_and_dead, spare
        self.said: deque[tuple[Member, Heard | None]] = deque()
        self.told: list[Task | Turn] = []
        self.on_record: list[int] = []
        self._members: list[Hand] = [Hand(self) for _ in range(size)]
        self.is_closed = False

    def members(self) -> Sequence[Member]:
        return tuple(self._members)

    def hear(self) -> Iterable[tuple[Member, Heard | None]]:
        assert self.said, "the crew waits for ever"
        return [self.said.popleft()]

    def bury(self, member: Member) -> str:
        self._members = [each for each in self._members if each is not member]
        self.said = deque(each for each in self.said if each[0] is not member)
        if self.spare:
            self.spare -= 1
            self._members.append(Hand(self))
        return "by the book"

    def close(self) -> None:
        self.is_closed = True


def tasks(number: int) -> Iterator[Task]:
    return (Task(n, "web", "tag", 1, (n - 1,), (n,), 1, 0) for n in range(1, number + 1))


def carried(team: Hands, number: int) -> list[int]:
    with Crew(team) as crew:
        found = [task.number for task in crew.carry(tasks(number), lambda task: task.number in team.on_record)]
    assert team.is_closed
    return found


def test_ranges_are_put_on_record_in_their_order() -> None:
    team = Hands(3)
    assert carried(team, 20) == list(range(1, 21)) == team.on_record


@pytest.mark.parametrize("deadly", [[1], [2], [3], [5], [1, 4]])
def test_a_range_whose_worker_is_lost_finds_room_at_the_others(deadly: list[int]) -> None:
    """All others hold as much as they may, and wait for that very range."""
    team = Hands(3, deadly=deadly)
    assert carried(team, 9) == list(range(1, 10)) == team.on_record


def test_what_a_lost_worker_had_put_on_record_is_not_done_again() -> None:
    team = Hands(2, deadly=[3], done_and_dead=[3])
    assert carried(team, 6) == team.on_record == [1, 2, 3, 4, 5, 6]


def test_every_turn_has_a_larger_token() -> None:
    team = Hands(2, deadly=[2, 5], spare=2)
    carried(team, 8)
    tokens = [told.token for told in team.told if isinstance(told, Turn)]
    assert tokens == sorted(set(tokens))
    assert len(tokens) == 10


def test_a_range_that_is_done_again_says_so() -> None:
    team = Hands(2, deadly=[2], spare=1)
    carried(team, 4)
    again = [told.number for told in team.told if isinstance(told, Task) and told.is_again]
    assert 2 in again


def test_workers_that_die_one_after_the_other_end_the_run() -> None:
    team = Hands(1, deadly=[1, 1, 1], spare=5)
    with pytest.raises(StopRun, match=r"3 workers died one after the other .*by the book"):
        carried(team, 3)


@pytest.mark.parametrize(("expected", "kind"), [(True, StopRun), (False, RuntimeError)])
def test_a_worker_that_cannot_go_on_ends_the_run(expected: bool, kind: type[Exception]) -> None:
    team = Hands(1)
    team.said.append((team.members()[0], Failed("why", "what to do", expected)))
    with pytest.raises(kind, match="why"):
        carried(team, 3)
