"""Limits of a server that end a long night early."""

from __future__ import annotations

from typing import Any

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.model.server import ServerFacts

CHECK = "limits"
PACKET_WARN_BYTES = 16 * 1024 * 1024
"""A batch of 500 articles of 6 KB is 3 MB in one statement; one long feature with embedded pictures can be as much again."""

IDLE_WARN_S = 600.0
"""A connection may wait this long while another entity is carried over, or a person is asked."""

_IDLE_UNITS = {"wait_timeout": 1.0, "idle_in_transaction_session_timeout": 1000.0}
_STATEMENT_UNITS = {
    "max_statement_time": 1.0,
    "max_execution_time": 1000.0,
    "statement_timeout": 1000.0,
    "transaction_timeout": 1000.0,
}
"""How many of the server's units are a second."""


def limits(subject: str, facts: ServerFacts, *, is_target: bool) -> list[Diagnosis]:
    """Packets, idle connections and statement time-outs."""
    found = []
    packet = facts.limits.get("max_allowed_packet")
    if packet is not None and is_target and packet < PACKET_WARN_BYTES:
        said: dict[str, Any] = {
            "megabytes": round(packet / 1024 / 1024, 1),
            "wanted": PACKET_WARN_BYTES // 1024 // 1024,
        }
        level = Level.FAULT if packet < PACKET_WARN_BYTES // 16 else Level.WARNING
        found.append(Diagnosis(CHECK, subject, level, "packet_small", said))
    for name, seconds in _idle(facts):
        if 0 < seconds < IDLE_WARN_S:
            said = {"name": name, "seconds": round(seconds, 1), "wanted": int(IDLE_WARN_S)}
            found.append(Diagnosis(CHECK, subject, Level.WARNING, "idle_cut", said))
    for name, seconds in _statement(facts):
        if seconds > 0:
            said = {"name": name, "seconds": round(seconds, 1)}
            found.append(Diagnosis(CHECK, subject, Level.WARNING, "statement_cut", said))
    if not found and facts.limits:
        found.append(Diagnosis(CHECK, subject, Level.OK, "limits_good"))
    return found


def _idle(facts: ServerFacts) -> list[tuple[str, float]]:
    """Seconds after which a connection that waits is closed; 0 for never."""
    return [(name, facts.limits[name] / unit) for name, unit in _IDLE_UNITS.items() if name in facts.limits]


def _statement(facts: ServerFacts) -> list[tuple[str, float]]:
    """Seconds after which a statement or a transaction is cut off; 0 for never."""
    by_name = {
        "max_statement_time": 1.0,
        "max_execution_time": 1000.0,
        "statement_timeout": 1000.0,
        "transaction_timeout": 1000.0,
    }
    return [(name, facts.limits[name] / unit) for name, unit in by_name.items() if name in facts.limits]
