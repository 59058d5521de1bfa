"""U1: an old address that leads nowhere, elsewhere, in a circle or twice is found."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from migrator.model.audit import (
    AddressRule,
    AuditedEntity,
    KnownAddresses,
    NewAddress,
    Place,
    SiteWitness,
)
from migrator.model.content import ENTITIES
from migrator.model.examination import Examination
from migrator.model.finding import Check, Waiver
from migrator.model.outcome import Bucket
from migrator.ports import Baseline, TargetRecord
from tests.unit.verify.world import FakeSite, World, audit, key, load, sound

SEVENTH = key("article", 7)
GONE, DRAFT = 39, 40
"""A withheld article, and one that is not public."""


def redirected() -> World:
    """Forty articles with two addresses each in every section; 39 is withheld, 40 a draft."""
    world = sound()
    article = dataclasses.replace(
        audit().entities["article"],
        links=(),
        addresses=(
            AddressRule("/tin/{0}-{1}.html", (Place("alias"), Place("id"))),
            AddressRule("/{0}/{1}-{2}.html", (Place("sections"), Place("alias"), Place("id"))),
            AddressRule("{0}", (Place("old_url"),)),
        ),
    )
    redirect = AuditedEntity(
        "redirect", "redirects", None, ("id",), bare=("section", "topic", "tag", "person", "asset")
    )
    world.statement = dataclasses.replace(
        audit(), entities={**audit().entities, "article": article, "redirect": redirect}
    )
    world.entities = (*world.entities, "redirect")
    for number, row in world.source["article"].items():
        row |= {
            "alias": f"Bài-{number}",
            "sections": ["thoi-su", "kinh-te"],
            "old_url": None,
            "bodyhtml": f"<p>Bài {number}</p>",
        }
        world.send("article", number, body_html=row["bodyhtml"])
    world.set_aside(GONE, Bucket.WITHHELD, "retracted")
    world.source["article"][DRAFT]["status"] = 4
    world.send("article", DRAFT, status="draft")
    world.source["redirect"] = {}
    for number in range(1, 39):
        for folder in ("tin", "thoi-su", "kinh-te"):
            add(world, f"/{folder}/Bài-{number}-{number}.html", article=key("article", number))
    for path in ("/tin", "/thoi-su", "/kinh-te"):
        add(world, f"{path}/Bài-{GONE}-{GONE}.html", status=410, reason="gỡ bài")
    world.before = [Baseline(name, 0, None) for name in ENTITIES]
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))
    world.waivers = [Waiver("retracted", "article", 1, False, "why", "who")]
    return world


def add(world: World, path: str, status: int = 301, **fields: Any) -> TargetRecord:
    number = len(world.source["redirect"]) + 1
    world.source["redirect"][number] = {"id": number}
    load(world, "redirect", number, {"path": path, "status": status, **fields})
    return world.record("redirect", number)


def change(world: World, address: str, **fields: Any) -> str:
    """Another redirect was sent for this address; its key."""
    record = next(each for each in world.target["redirect"] if each.fields["path"] == address)
    number = int(str(record.key).rpartition(":")[2])
    world.send("redirect", number, **fields)
    return str(record.key)


def checks(examination: Examination) -> dict[str, Check]:
    return {each.entity: each for each in examination.checks if each.id == "U1"}


def named(world: World) -> set[tuple[str, str, str]]:
    """(key, field, kind) of every open difference of U1."""
    return {(d["key"], d["field"], d["kind"]) for d in world.differences() if d["check"] == "U1"}


def rejournal(world: World) -> None:
    world.entries, world.said = [], {}
    world.journal_entry(list(world.known))


def test_addresses_that_lead_where_they_must(tmp_path: Path) -> None:
    world = redirected()
    examination = world.examine(tmp_path)
    assert named(world) == set()
    found = checks(examination)
    assert (found["redirect"].compared, found["redirect"].holds) == (117, True)
    assert (found["article"].compared, found["article"].holds) == (120, True)
    assert "HTTP was not asked" in found["article"].statement
    account = examination.accounts.redirects
    assert account is not None
    assert (account.redirects, account.by_status) == (117, {"301": 114, "410": 3})
    assert account.outcomes == {"leads": 114, "gone": 3, "nowhere": 3}
    assert account.addresses == {"article (web)": 120}


PATH = "/tin/Bài-7-7.html"


def _lost(world: World) -> set[tuple[str, str, str]]:
    change(world, PATH, path="/khac.html")
    return {(SEVENTH, "redirect", "missing")}


def _elsewhere(world: World) -> set[tuple[str, str, str]]:
    change(world, PATH, article=key("article", 8))
    return {(SEVENTH, "redirect", "changed")}


def _gone(world: World) -> set[tuple[str, str, str]]:
    change(world, PATH, status=410, article=None, reason="?")
    return {(SEVENTH, "redirect", "changed")}


def _only_nearly(world: World) -> set[tuple[str, str, str]]:
    change(world, PATH, path=PATH.lower() + "/")
    return {(SEVENTH, "redirect", "missing")}


def _two_destinations(world: World) -> set[tuple[str, str, str]]:
    name = change(world, PATH, section=key("section", 1))
    return {(name, "status", "extra"), (SEVENTH, "redirect", "changed")}


def _no_destination(world: World) -> set[tuple[str, str, str]]:
    name = change(world, PATH, article=None)
    return {(name, "status", "missing"), (SEVENTH, "redirect", "changed")}


def _to_nothing(world: World) -> set[tuple[str, str, str]]:
    name = change(world, PATH, article="!:article:99")
    return {(name, "status", "missing"), (SEVENTH, "redirect", "changed")}


def _to_a_draft(world: World) -> set[tuple[str, str, str]]:
    name = str(add(world, "/nhap.html", article=key("article", DRAFT)).key)
    rejournal(world)
    return {(name, "status", "extra")}


def _draft_leads_to_another(world: World) -> set[tuple[str, str, str]]:
    add(world, f"/tin/Bài-{DRAFT}-{DRAFT}.html", article=key("article", 1))
    rejournal(world)
    return {(key("article", DRAFT), "redirect", "extra")}


def _gone_for_no_reason(world: World) -> set[tuple[str, str, str]]:
    return {(change(world, f"/tin/Bài-{GONE}-{GONE}.html", reason=None), "reason", "missing")}


def _gone_but_leads(world: World) -> set[tuple[str, str, str]]:
    return {(change(world, f"/tin/Bài-{GONE}-{GONE}.html", section=key("section", 1)), "status", "extra")}


def _withheld_leads_somewhere(world: World) -> set[tuple[str, str, str]]:
    change(world, f"/tin/Bài-{GONE}-{GONE}.html", status=301, article=key("article", 1), reason=None)
    return {(key("article", GONE), "redirect", "changed")}


def _withheld_is_silent(world: World) -> set[tuple[str, str, str]]:
    change(world, f"/tin/Bài-{GONE}-{GONE}.html", path="/x.html")
    return {(key("article", GONE), "redirect", "missing")}


def _twice(world: World) -> set[tuple[str, str, str]]:
    name = str(add(world, "/tin/B%C3%A0i-7-7.html", article=SEVENTH).key)
    rejournal(world)
    return {(name, "path", "duplicate-of")}


def _nearly_twice(world: World) -> set[tuple[str, str, str]]:
    name = str(add(world, PATH.upper(), article=key("article", 8)).key)
    rejournal(world)
    return {(name, "path", "case-only")}


def _temporary(world: World) -> set[tuple[str, str, str]]:
    return {(change(world, PATH, status=302), "status", "changed"), (SEVENTH, "redirect", "changed")}


def _relative(world: World) -> set[tuple[str, str, str]]:
    name = str(add(world, "tin/x.html", article=SEVENTH).key)
    rejournal(world)
    return {(name, "path", "changed")}


@pytest.mark.parametrize(
    "tamper",
    [
        _lost, _elsewhere, _gone, _only_nearly, _two_destinations, _no_destination, _to_nothing, _to_a_draft,
        _draft_leads_to_another, _gone_for_no_reason, _gone_but_leads, _withheld_leads_somewhere, _withheld_is_silent,
        _twice, _nearly_twice, _temporary, _relative,
    ],
)  # fmt: skip
def test_it_is_found_and_named(tamper: Callable[[World], set[tuple[str, str, str]]], tmp_path: Path) -> None:
    world = redirected()
    expected = tamper(world)
    examination = world.examine(tmp_path)
    assert named(world) == expected
    assert {False} <= {check.holds for check in checks(examination).values()}


def test_the_same_destination_twice_is_no_fault(tmp_path: Path) -> None:
    world = redirected()
    add(world, PATH.upper(), article=SEVENTH)
    rejournal(world)
    world.examine(tmp_path)
    assert named(world) == set()


def test_a_merged_article_s_address_leads_to_its_survivor(tmp_path: Path) -> None:
    world = redirected()
    world.merge("article", 7, 8, "title")
    for path in (PATH, PATH.replace("tin", "thoi-su"), PATH.replace("tin", "kinh-te")):
        change(world, path, article=key("article", 8))
    world.examine(tmp_path)
    assert named(world) == set()
    change(world, PATH, article=key("article", 9))
    world.examine(tmp_path)
    assert named(world) == {(SEVENTH, "redirect", "changed")}


@pytest.mark.parametrize(("new", "what"), [("7-7", "leads to itself"), ("8-8", "leads on")])
def test_chains_and_loops(new: str, what: str, tmp_path: Path) -> None:
    world = redirected()
    world.send("article", 7, legacy_url=new)
    addresses = {"article": NewAddress("/tin/Bài-{0}.html", ("legacy_url",))}
    world.statement = dataclasses.replace(world.statement, new_addresses=addresses)
    examination = world.examine(tmp_path)
    chained = [d for d in world.differences() if d["check"] == "U1"]
    assert len(chained) == 3  # three addresses of the seventh
    assert all(what in each["detail"] for each in chained)
    assert checks(examination)["redirect"].holds is False


def test_an_address_that_stays_needs_no_redirect(tmp_path: Path) -> None:
    world = redirected()
    world.send("article", 7, legacy_url="7-7")
    addresses = {"article": NewAddress("/tin/Bài-{0}.html", ("legacy_url",))}
    world.statement = dataclasses.replace(world.statement, new_addresses=addresses)
    change(world, PATH, path="/khac.html")
    examination = world.examine(tmp_path)
    assert named(world) == set()
    assert examination.accounts.redirects is not None
    assert examination.accounts.redirects.outcomes["same"] == 1


def test_new_addresses_that_are_new(tmp_path: Path) -> None:
    world = redirected()
    world.statement = dataclasses.replace(
        world.statement, new_addresses={"article": NewAddress("/bai-{0}", ("target_id",))}
    )
    examination = world.examine(tmp_path)
    assert named(world) == set()
    assert "chains were not looked for" not in checks(examination)["redirect"].statement


def test_a_whole_address_in_a_column(tmp_path: Path) -> None:
    world = redirected()
    world.source["article"][7]["old_url"] = "/baohp/InfoDetail.jsp?id=7"
    world.examine(tmp_path)
    assert named(world) == {(SEVENTH, "redirect", "missing")}
    add(world, "/baohp/InfoDetail.jsp?id=7", article=SEVENTH)
    rejournal(world)
    world.examine(tmp_path)
    assert named(world) == set()


def test_addresses_of_a_harvest(tmp_path: Path) -> None:
    world = redirected()
    known = KnownAddresses("page", "url", (), "article", "legacy_id", "web")
    world.statement = dataclasses.replace(world.statement, known_addresses=(known,))
    world.known_addresses = [
        ("https://paper.example/channel/1/202001/bai-7-7/", "7"), ("https://elsewhere.example/x", "8"), ("/lien-he.html", None),
        (f"/channel/1/202001/bai-{GONE}/", str(GONE)), ("/chi-co-tren-trang-999.html", "999"),
    ]  # fmt: skip
    world.examine(tmp_path)
    assert named(world) == {(SEVENTH, "redirect", "missing"), (key("article", GONE), "redirect", "missing")}
    assert world.findings() == {
        ("address-without-redirect", "/lien-he.html"), ("address-without-redirect", key("article", 999)),
    }  # fmt: skip
    add(world, "/channel/1/202001/bai-7-7/", article=SEVENTH)
    add(world, f"/channel/1/202001/bai-{GONE}/", status=410, reason="gỡ bài")
    add(world, "/lien-he.html", section=key("section", 1))
    add(world, "/chi-co-tren-trang-999.html", status=410, reason="chỉ có trên trang cũ")
    rejournal(world)
    examination = world.examine(tmp_path)
    assert (named(world), world.findings()) == (set(), set())
    assert examination.accounts.redirects is not None
    assert examination.accounts.redirects.addresses == {"article (web)": 120, "page (web)": 4}


def test_addresses_of_the_sitemap(tmp_path: Path) -> None:
    world = redirected()
    witness = SiteWitness((r"-(?P<id>\d+)\.html$",), public={"status": ("published",)}, lastmod=None)
    world.statement = dataclasses.replace(world.statement, site=witness)
    entries = [(f"/tin/Bài-{number}-{number}.html", "") for number in range(1, 39)]
    world.site = FakeSite([*entries, ("/amp/Bài-7-7.html", ""), ("/lien-he", "")])
    world.examine(tmp_path)
    assert named(world) == {(SEVENTH, "redirect", "missing")}
    assert ("address-without-redirect", "/lien-he") in world.findings()


def test_records_that_are_not_loaded_yet_are_not_asked_for(tmp_path: Path) -> None:
    world = redirected()
    world.complete = False
    world.source["article"][41] = {**world.source["article"][7], "id": 41}
    assert checks(world.examine(tmp_path))["article"].compared == 120
