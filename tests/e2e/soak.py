"""Kill runs at random moments N times and compare each outcome: ``python -m tests.e2e.soak 300 [SEED]``."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tests import small_paper
from tests.e2e.outcome import fresh_copy, left_by, migrator
from tests.e2e.test_kill import ARTICLES, kill_and_resume


def main() -> None:
    """Soak, and say what was done."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 74
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small_paper.prepare(folder / "prepared", ARTICLES)
        whole = fresh_copy(folder / "prepared", folder / "undisturbed")
        migrator("run", "--project", whole)
        began = time.monotonic()
        kills = kill_and_resume(folder / "prepared", left_by(whole), folder, wanted, random.Random(seed))
        print(
            f"{kills} runs killed at work, every outcome as undisturbed; {time.monotonic() - began:.0f} s, seed {seed}"
        )


if __name__ == "__main__":
    main()
