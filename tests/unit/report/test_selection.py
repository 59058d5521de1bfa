"""Choosing records for the page."""

from migrator.report.selection import GROUPS_KEPT, TEXT_KEPT, Entry, GroupName, Picker


def test_a_small_group_is_not_crowded_out() -> None:
    picker = Picker(records=10)
    for number in range(1000):
        picker.offer(GroupName("exception", "dropped", "trash"), Entry("article", f"nv:article:{number}", ""))
    for number in range(5000, 5003):
        picker.offer(GroupName("difference", "", "changed"), Entry("article", f"nv:article:{number}", ""))
    choice = picker.choose()
    assert [(group.name.code, len(group.kept), group.total) for group in choice.groups] == [
        ("changed", 3, 3),
        ("trash", 7, 1000),
    ]
    assert (len(choice.records), choice.shown, choice.total) == (10, 10, 1003)
    assert [record.number for record in choice.records.values()] == list(range(1, 11))


def test_a_record_with_several_entries_is_one_record() -> None:
    picker = Picker()
    for kind in ("changed", "time-shift"):
        picker.offer(GroupName("difference", "", kind), Entry("article", "nv:article:1", ""))
    choice = picker.choose()
    assert len(choice.records) == 1
    assert len(choice.records["article", "nv:article:1"].entries) == 2


def test_codes_made_of_data_do_not_fill_the_memory() -> None:
    picker = Picker()
    for number in range(GROUPS_KEPT + 50):
        picker.offer(GroupName("exception", "rejected", f"code {number}"), Entry("article", str(number), "d" * 10_000))
    choice = picker.choose()
    assert len(choice.groups) == GROUPS_KEPT + 1
    assert choice.total == GROUPS_KEPT + 50
    assert max(len(entry.detail) for group in choice.groups for entry in group.kept) == TEXT_KEPT + 1
