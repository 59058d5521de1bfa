"""Cleans the cases named on standard input, a line each, and answers with a line of JSON each."""

from __future__ import annotations

import json
import sys

from migrator.html import BodyTooLarge, CleanOptions, clean
from tests.hostile.cases import CASES


def outcome(name: str) -> dict[str, str]:
    """What became of a case: ``body`` or ``reason``; ``fault`` for an error that nobody should see."""
    try:
        body = clean(CASES[name](), CleanOptions(take_related=name.startswith("24,000")))
    except BodyTooLarge as error:
        return {"reason": error.code, "detail": error.detail}
    except Exception as error:
        return {"fault": repr(error)[:500]}
    return {"body": f"{len(body.html)} characters, {body.words} words"}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(outcome(line.rstrip("\n"))), flush=True)
