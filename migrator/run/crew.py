"""The one who conducts the workers: hands out key ranges and gives each its turn, in key order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import replace

from migrator.errors import StopRun
from migrator.run.engine import Member, Team
from migrator.run.worker import AHEAD, Done, Failed, Ready, Task, Turn

DEATHS = 3
"""So many workers may be lost one after the other, without a range getting done, before the run gives up."""


class Crew:
    """A team at work. ``lost`` counts the members that were lost and replaced."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._number = 0
        self._token = 0
        self._deaths = 0
        self.lost = 0

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *_: object) -> None:
        """Tell all to end."""
        self._team.close()

    def carry(self, tasks: Iterator[Task], is_on_record: Callable[[Task], bool]) -> Iterator[Task]:
        """Have the tasks done; yields each when it is on record, in their order.

        While the caller has a task no worker is in its turn, so that a run can be stopped there. ``is_on_record`` is asked
        for a task whose worker was lost in its turn.
        """
        lost: list[tuple[int, Task]] = []
        finished: Task | None
        ready: set[int] = set()
        turn, given, granted = self._number + 1, self._number, False
        while True:
            members = self._team.members()
            if lost and lost[0][0] == turn:  # all others wait for it, so that nobody might ever have room
                _give(min(members, key=lambda member: len(member.held)), heapq.heappop(lost)[1])
            for member in members:
                while len(member.held) < AHEAD:
                    following = heapq.heappop(lost)[1] if lost else next(tasks, None)
                    if following is None:
                        break
                    given = max(given, following.number)
                    _give(member, following)
            if turn > given:
                return
            if turn in ready and not granted:
                granted = True
                self._token += 1
                next(member for member in members if turn in member.held).tell(Turn(turn, self._token))
            for member, said in self._team.hear():
                finished = None
                if isinstance(said, Ready):
                    ready.add(said.number)
                    continue
                if isinstance(said, Failed):
                    raise _stopped(said)
                if isinstance(said, Done):
                    finished = member.held.pop(said.number)
                else:
                    held = self._bury(member)
                    finished = held.pop(turn) if granted and turn in held and is_on_record(held[turn]) else None
                    granted = granted and turn not in held
                    ready -= held.keys()
                    for number, task in held.items():
                        heapq.heappush(lost, (number, replace(task, is_again=True)))
                if finished is not None:
                    self._deaths, self._number = 0, turn
                    ready.discard(turn)
                    turn, granted = turn + 1, False
                    yield finished

    @property
    def next_number(self) -> int:
        """The number the next task must have; tasks are numbered without gaps."""
        return self._number + 1

    def _bury(self, member: Member) -> dict[int, Task]:
        """Let go of a member that is lost; the tasks it held. StopRun where they are lost one after the other."""
        cause = self._team.bury(member)
        self.lost += 1
        self._deaths += 1
        if self._deaths >= DEATHS:
            raise StopRun(
                f"{self._deaths} workers died one after the other (the last one: {cause}).",
                "What is confirmed stays. If memory was short, take fewer workers. Start 'migrator run' again: it goes on.",
            )
        return member.held


def _give(member: Member, task: Task) -> None:
    member.held[task.number] = task
    member.tell(task)


def _stopped(failed: Failed) -> Exception:
    if failed.expected:
        return StopRun(failed.message, failed.next_step)
    return RuntimeError(f"A worker met an error nobody foresaw:\n{failed.message}")
