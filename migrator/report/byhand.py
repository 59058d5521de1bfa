"""How to check the journal without the tool, as the page prints it. Both run in the report's folder.

The chain begins at a digest of the target as it was before the first run (``lists/baseline.csv``).
"""

_PROGRAM = """\
import csv, hashlib
part = lambda data: len(data).to_bytes(8, "big") + data
digest = lambda parts: hashlib.sha256(b"".join(map(part, parts))).hexdigest()
rows = lambda name: csv.DictReader(open("lists/" + name, encoding="utf-8-sig"))
whole = lambda text: b"I" + text.encode()
text = lambda text: b"S" + text.encode()
octets = lambda text: b"X" + bytes.fromhex(text)
before = sorted((row["entity"], row["rows"], row["largest_id"]) for row in rows("baseline.csv"))
entry = lambda name, count, largest: (text(name), whole(count), text(largest) if largest else b"N")
last = digest(b"[" + b"".join(map(part, entry(*row))) for row in before) if before else "00" * 32
assert last == "BEGINNING", "BROKEN at its beginning"
for row in rows("journal.csv"):
    parts = octets(row["previous"]), whole(row["seq"]), whole(row["run"]), text(row["at"]), whole(row["count"])
    assert row["previous"] == last, "BROKEN at entry " + row["seq"]
    last = digest([*parts, octets(row["root"])])
    assert row["hash"] == last, "BROKEN at entry " + row["seq"]
print(last)
"""

_COMMAND = (
    "tr -d '\\r' < lists/journal.csv | awk -F, -v last=BEGINNING "
    '\'NR>1 {if ($6 "" != last "") {print "BROKEN at entry " $1; bad=1} last=$7} END {print last; exit bad}\''
)


def chain_program(beginning: str) -> str:
    """Computes every hash of the journal again, with Python's standard library and nothing of this tool.

    ``beginning`` (hex) is what the first entry must be chained to.
    """
    return _PROGRAM.replace("BEGINNING", beginning)


def chain_command(beginning: str) -> str:
    """Walks the chain from its beginning (hex), in a shell."""
    return _COMMAND.replace("BEGINNING", beginning)
