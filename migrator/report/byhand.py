"""How to check the journal without the tool, as the page prints it. Both run in the report's folder."""

CHAIN_PROGRAM = """\
import csv, hashlib
part = lambda data: len(data).to_bytes(8, "big") + data
last = "00" * 32
for row in csv.DictReader(open("lists/journal.csv", encoding="utf-8-sig")):
    whole = lambda name: b"I" + row[name].encode()
    octets = lambda name: b"X" + bytes.fromhex(row[name])
    parts = [octets("previous"), whole("seq"), whole("run"), b"S" + row["at"].encode(), whole("count"), octets("root")]
    digest = hashlib.sha256(b"".join(map(part, parts))).hexdigest()
    assert row["previous"] == last and row["hash"] == digest, "BROKEN at entry " + row["seq"]
    last = digest
print(last)
"""
"""Computes every hash of the journal again, with Python's standard library and nothing of this tool."""

CHAIN_COMMAND = (
    "tr -d '\\r' < lists/journal.csv | awk -F, "
    "'NR>2 && $6!=last {print \"BROKEN at entry \" $1; bad=1} {last=$7} END {print last; exit bad}'"
)
