"""What a project says of a WordPress target, and what is wrong with it; and the profile it goes by."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.errors import ConfigurationError
from migrator.model.content import ENTITIES
from migrator.project.platforms import platform_names, read_platform, read_platform_file
from migrator.project.settings import Settings, read_settings
from migrator.project.share import presets_folder

TARGET = """
target:
  kind: wordpress
  url: https://www.example.vn/
  user: migrator
  password: env:WP_SECRET
"""


def settings(folder: Path, target: str, more: str = "") -> Settings:
    text = "name: A\nsources: {web: {url: 'sqlite:///legacy.sqlite'}}\n" + target + more
    (folder / "migration.yaml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def faults(folder: Path, target: str, more: str = "") -> list[str]:
    with pytest.raises(ConfigurationError) as raised:
        settings(folder, target, more)
    return [f"{fault.message} – {fault.hint}" for fault in raised.value.faults]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WP_SECRET", "abcd EFGH 1234")


def test_a_service_is_read(tmp_path: Path) -> None:
    found = settings(
        tmp_path, TARGET + "  order: newest\n  calls: 5\n  timeout_s: 9\n  leave_out: {royalty: ở phòng kế toán}\n"
    )
    service = found.service
    assert service is not None
    assert (service.url, service.user, service.password) == ("https://www.example.vn", "migrator", "abcdEFGH1234")
    assert (service.newest_first, service.calls, service.timeout_s) == (True, 5, 9.0)
    assert service.left_out == {"royalty": "ở phòng kế toán"}
    assert found.target_url == ""
    assert "abcd" not in repr(found)


def test_a_database_is_no_service(tmp_path: Path) -> None:
    found = settings(tmp_path, 'target: {url: "sqlite:///t.sqlite"}\n')
    assert found.service is None
    assert found.target_url.endswith("/t.sqlite")


def test_the_password_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("xy z\n", encoding="utf-8")
    service = settings(tmp_path, TARGET.replace("env:WP_SECRET", "file:secret")).service
    assert service is not None
    assert service.password == "xyz"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("env:WP_SECRET", "abcd1234", "the password stands in the file itself"),
        ("env:WP_SECRET", "env:NOT_THERE", "The environment variable NOT_THERE is not set"),
        ("https://www.example.vn/", "http://www.example.vn/", "sends the password in clear text"),
        ("https://www.example.vn/", "mysql://x/y", "no address of a site"),
        ("https://www.example.vn/", "https://me:secret@www.example.vn/", "no address of a site"),
        ("kind: wordpress", "kind: wordpres", "did you mean 'wordpress'?"),
        ("  user: migrator\n", "", "target does not say its user"),
        ("  user: migrator\n", "  user: migrator\n  calls: 0\n", "calls must be 1 or more"),
        ("  user: migrator\n", "  user: migrator\n  leave_out: {royalti: x}\n", "did you mean 'royalty'?"),
        ("  user: migrator\n", "  user: migrator\n  order: random\n", "order cannot be 'random'"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    found = faults(tmp_path, TARGET.replace(old, new))
    assert len(found) == 1
    assert said in found[0]
    assert "secret@" not in found[0]


def test_a_media_folder_has_no_place_beside_a_service(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, TARGET, "media: {folder: media}\n")
    assert "files go to wordpress itself" in found


@pytest.mark.parametrize("policy", ["keep", "overwrite", "merge-fields"])
def test_every_policy_of_conflicts_is_taken(tmp_path: Path, policy: str) -> None:
    assert settings(tmp_path, TARGET, f"conflicts: {policy}\n").conflicts == policy


def test_the_password_is_sent_in_clear_text_to_this_machine_alone(tmp_path: Path) -> None:
    assert settings(tmp_path, TARGET.replace("https://www.example.vn/", "http://127.0.0.1:8080")).service


# --- profiles ---
@pytest.mark.parametrize("name", platform_names())
def test_a_profile_speaks_of_every_entity(name: str) -> None:
    platform = read_platform(name)
    assert platform.entities.keys() | platform.cannot_hold.keys() == ENTITIES.keys()
    assert not platform.entities.keys() & platform.cannot_hold.keys()
    assert (presets_folder() / "platforms" / platform.plugin_file).is_file()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  royalty: WordPress pays nobody\n", "", "nothing is said of royalty"),
        ("      headline: {place: title", "      headlin: {place: title", "did you mean 'headline'?"),
        ("alike: slug", "alike: slugs", "alike cannot be 'slugs'"),
        ("          retracted: private\n", "", "article.status has no word for 'retracted'"),
        ("items: 25", "items: 0", "items must be 1 or more"),
        ("needs: ", "need: ", "unknown key 'need'"),
    ],
)
def test_a_profile_with_a_mistake_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (presets_folder() / "platforms" / "wordpress.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "wordpress.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read_platform_file(tmp_path / "wordpress.yaml")
    assert any(said in f"{fault.message} – {fault.hint}" for fault in raised.value.faults)
