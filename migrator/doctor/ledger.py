"""The ledger's health: whether a run can begin, and what an earlier one left open."""

from __future__ import annotations

from migrator.doctor.diagnosis import Diagnosis, Level
from migrator.model.server import LedgerFacts

CHECK = "ledger"
SUBJECT = "ledger"


def ledger(facts: LedgerFacts) -> list[Diagnosis]:
    """Version, lease, open run and open intents."""
    if not facts.exists:
        return [Diagnosis(CHECK, SUBJECT, Level.OK, "ledger_new")]
    if facts.version > facts.known_version:
        said = {"version": facts.version, "known": facts.known_version}
        return [Diagnosis(CHECK, SUBJECT, Level.FAULT, "ledger_newer", said)]
    found = []
    if facts.alive:
        found.append(Diagnosis(CHECK, SUBJECT, Level.FAULT, "ledger_held", {"holder": facts.holder}))
    elif facts.holder:
        found.append(Diagnosis(CHECK, SUBJECT, Level.WARNING, "ledger_dead_holder", {"holder": facts.holder}))
    if facts.open_run and not facts.alive:
        found.append(Diagnosis(CHECK, SUBJECT, Level.WARNING, "ledger_open_run", {"run": str(facts.open_run)}))
    if facts.open_intents and not facts.alive:
        found.append(Diagnosis(CHECK, SUBJECT, Level.WARNING, "ledger_open_intents", {"count": facts.open_intents}))
    return found or [Diagnosis(CHECK, SUBJECT, Level.OK, "ledger_good", {"version": facts.version})]
