"""The ledger's tables. ``outcome`` and ``journal`` only ever grow; ``item`` is the latest outcome of each key."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA_VERSION = 3

metadata = sa.MetaData()
_KEY = sa.String(400)

meta = sa.Table("meta", metadata, sa.Column("name", sa.String(40), primary_key=True), sa.Column("value", sa.Text))

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("started_at", sa.String(40), nullable=False),
    sa.Column("ended_at", sa.String(40)),
    sa.Column("tool_version", sa.String(40), nullable=False),
    sa.Column("mapping_digest", sa.String(64), nullable=False),
    sa.Column("marker", sa.Text, nullable=False),
    sa.Column("result", sa.String(40), nullable=False),
    sa.Column("sessions", sa.Integer, nullable=False),
)

mark = sa.Table(
    "mark",
    metadata,
    sa.Column("run", sa.Integer, primary_key=True),
    sa.Column("source", sa.String(60), primary_key=True),
    sa.Column("entity", sa.String(40), primary_key=True),
    sa.Column("position", sa.Text),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("done", sa.Boolean, nullable=False),
)

item = sa.Table(
    "item",
    metadata,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("bucket", sa.String(20), nullable=False),
    sa.Column("source_fingerprint", sa.LargeBinary(32), nullable=False),
    sa.Column("mapping_fingerprint", sa.LargeBinary(32), nullable=False),
    sa.Column("content", sa.LargeBinary(32)),
    sa.Column("digests", sa.Text),
    sa.Column("target_id", sa.Text),
    sa.Column("merged_into", _KEY),
    sa.Column("merge_digest", sa.LargeBinary(32)),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("pos", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("noted_seq", sa.Integer),  # where its last transformation is
    sa.Column("noted_pos", sa.Integer),
    sa.Column("is_partial", sa.Boolean),  # references were left out in it
    sa.Column("lead", _KEY),  # where a reference to this key leads: itself, its survivor, nowhere
    sa.Column("lead_seq", sa.Integer, nullable=False),  # since which entry it leads there
)
item_by_entity = sa.Index("item_by_entity", item.c.entity, item.c.key)
sa.Index("item_by_bucket", item.c.entity, item.c.bucket)
sa.Index("item_by_content", item.c.content)
sa.Index("item_by_merge", item.c.merge_digest)
sa.Index("item_by_transformation", item.c.noted_seq, item.c.noted_pos)
sa.Index("item_by_survivor", item.c.merged_into)
sa.Index("item_by_lead_change", item.c.entity, item.c.lead_seq)

outcome = sa.Table(
    "outcome",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("pos", sa.Integer, primary_key=True),
    sa.Column("said", sa.Text, nullable=False),  # JSON; its SHA-256 is the leaf in the entry's Merkle tree
)

journal = sa.Table(
    "journal",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("root", sa.LargeBinary(32), nullable=False),
    sa.Column("previous", sa.LargeBinary(32), nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
)

intent = sa.Table(
    "intent",
    metadata,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("op", sa.String(20), nullable=False),
    sa.Column("before", sa.Text),
    sa.Column("content", sa.LargeBinary(32)),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
)

undo = sa.Table(  # what a run found before it first changed something of a key, until that is taken back
    "undo",
    metadata,
    sa.Column("run", sa.Integer, primary_key=True),
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("entity", sa.String(40), nullable=False),
    sa.Column("op", sa.String(20), nullable=False),  # as in intent; empty where the target was not touched
    sa.Column("before", sa.LargeBinary),  # the record or placeholder that stood there: JSON, compressed by zlib
    sa.Column("item", sa.Text),  # what the ledger knew of the key: JSON
    sa.Column("content", sa.LargeBinary(32)),  # what a write nobody confirmed was to leave there
    sa.Column("begun", sa.Boolean, nullable=False),  # it is being taken back
)

brought = sa.Table(
    "brought",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("run", sa.Integer, nullable=False),
)

high_water = sa.Table(  # how far the changes of an entity were taken in by a run that came to its end
    "high_water",
    metadata,
    sa.Column("source", sa.String(60), primary_key=True),
    sa.Column("entity", sa.String(40), primary_key=True),
    sa.Column("mark", sa.Text),  # the largest change mark, as JSON; null where none was looked at
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("scanned_at", sa.String(40), nullable=False),  # when every row was last read
)

baseline = sa.Table(
    "baseline",
    metadata,
    sa.Column("entity", sa.String(40), primary_key=True),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("largest_id", sa.Text),
)

turn = sa.Table(  # the newest fencing token of the run that holds the lease
    "turn",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("token", sa.BigInteger, nullable=False),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("taken_at", sa.String(40), nullable=False),
)

lease = sa.Table(
    "lease",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("holder", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("born", sa.Text, nullable=False),
    sa.Column("beat_at", sa.Float, nullable=False),
    sa.Column("stop", sa.Boolean, nullable=False),
)
