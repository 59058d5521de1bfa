"""K1: tables that repeat the main table agree with it.

What is found is a finding about the *source* – which of the two is believed is the mapping's business – and not about
the migration. Rows that a copy lacks are not looked for: no general rule says which rows a copy should have.
"""

from __future__ import annotations

from migrator.model.finding import Check
from migrator.verify.desk import Desk
from migrator.verify.shown import shown
from migrator.verify.tables import copy_tables


def examine_copies(desk: Desk, entity: str) -> list[Check]:
    """K1 for each source that declares copies of the entity's table."""
    checks = []
    for source, audit in desk.audits.items():
        audited = audit.entities.get(entity)
        if audited is None or audited.copies is None:
            continue
        witness, drifted = desk.witnesses[source], 0
        for key, table, column, main, copy in witness.copy_drift(audited, audited.copies):
            drifted += 1
            detail = f"{table}.{column}: {shown(copy, main)} – main table: {shown(main, copy)}"
            desk.lists.finding("copy-drift", entity, key, detail if column else f"{table}: no row in the main table")
        rows = sum(witness.count(table) for table in copy_tables(audited, witness.tables()))
        statement = (
            f"{rows} rows of the tables like {audited.copies.tables} of {source}, columns "
            f"{', '.join(audited.copies.columns)}, against {audited.table}; differences are findings about the source"
        )
        checks.append(Check("K1", entity, not drifted, rows, 0, drifted, True, statement))
    return checks
