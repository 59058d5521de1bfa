"""A WordPress of the tests' own: Debian's package on PHP's built-in server, its tables on the MariaDB server of the tests."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.pool import NullPool

PACKAGE = Path("/usr/share/wordpress")
PLUGIN = Path(__file__).parents[1] / "mappings/platforms/wordpress/migrator.php"
NEEDED = (
    "apt-get install --no-install-recommends wordpress nginx-light php-cli php-mysql php-curl php-gd php-mbstring "
    "php-xml php-zip php-intl"
)
WORKERS = 4
INSTALLED = "installed"
START_S = 60

# Pretty addresses without a web server: what is no file goes to WordPress; a site of a network has its files at the root.
ROUTER = """<?php
$root = $_SERVER['DOCUMENT_ROOT'];
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if ($path !== '/' && is_file($root . $path)) { return false; }
if (preg_match('#^/[^/]+(/wp-content/.+)$#', $path, $parts) && is_file($root . $parts[1])) {
    header('Content-Type: ' . mime_content_type($root . $parts[1]));
    readfile($root . $parts[1]);
    return true;
}
$script = $path !== '/' && is_file($root . $path . 'index.php') ? $path . 'index.php' : '%s/index.php';
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir(dirname($root . $script));
require $root . $script;
"""

CONFIG = """<?php
define('DB_NAME', '{database}'); define('DB_USER', '{user}'); define('DB_PASSWORD', '{password}');
define('DB_HOST', '{host}:{port}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', 'utf8mb4_unicode_ci');
{salts}
$table_prefix = 'wp_';
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local'); // application passwords without TLS
define('WP_HTTP_BLOCK_EXTERNAL', true); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_DEBUG', false); define('FS_METHOD', 'direct'); define('WP_POST_REVISIONS', false);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""

SET_UP = """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = $argv[2]; $_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET'; $_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', '__return_false');
wp_install('Báo thử nghiệm', 'admin', 'admin@example.test', true, '', bin2hex(random_bytes(12)));
update_option('permalink_structure', $argv[3]);
update_option('timezone_string', $argv[4]);
if ($argv[5] !== '') {
    require ABSPATH . 'wp-admin/includes/network.php';
    foreach ($wpdb->tables('ms_global') as $name => $table) { $wpdb->$name = $table; }
    install_network();
    populate_network(1, $argv[2], 'admin@example.test', 'Mạng báo', '/', false);
}
list($password) = WP_Application_Passwords::create_new_application_password(1, array('name' => 'migrator'));
echo $password;
"""
NETWORK = """define('MULTISITE', true); define('SUBDOMAIN_INSTALL', false); define('DOMAIN_CURRENT_SITE', '{host}');
define('PATH_CURRENT_SITE', '/'); define('SITE_ID_CURRENT_SITE', 1); define('BLOG_ID_CURRENT_SITE', 1);
"""

SECOND_SITE = """<?php
$_SERVER['HTTP_HOST'] = $argv[2]; $_SERVER['SERVER_NAME'] = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET'; $_SERVER['REQUEST_URI'] = '/';
require $argv[1] . '/wp-load.php';
$site = wpmu_create_blog($argv[2], $argv[3], 'Báo tỉnh', 1, array('public' => 1));
if (is_wp_error($site)) { fwrite(STDERR, $site->get_error_message()); exit(1); }
update_blog_option($site, 'permalink_structure', '/%postname%.html');
list($password) = WP_Application_Passwords::create_new_application_password(1, array('name' => 'network'));
echo $password; // one made before there was a network is not looked at any more
"""

SALTS = [f"{name}_{kind}" for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE") for kind in ("KEY", "SALT")]


@dataclass(frozen=True)
class Layout:
    """How a site is set up. ``path``: the folder it is in, or, in a network, the path of its second site."""

    path: str = ""
    permalinks: str = "/%postname%.html"
    zone: str = "Asia/Ho_Chi_Minh"
    is_network: bool = False


@dataclass
class WordPress:
    """A running WordPress. ``password`` is an application password of ``user``, who may do everything."""

    url: str
    user: str
    password: str
    folder: Path
    engine: Engine
    _remembered: set[str] = field(default_factory=set)

    @property
    def plugin(self) -> Path:
        """Where the plugin lies."""
        return self.folder / "wp-content/mu-plugins/migrator.php"

    def get(self, path: str, **params: Any) -> Any:
        """An answer of the API, asked by the test itself."""
        asked = {"rest_route": f"/{path}", **params}  # works with every kind of permalinks
        answer = requests.get(f"{self.url}/", params=asked, auth=(self.user, self.password), timeout=60)
        answer.raise_for_status()
        return answer.json()

    def rows(self, sql: str, **values: Any) -> list[Any]:
        """Rows of the database below it."""
        with self.engine.connect() as connection:
            return list(connection.execute(text(sql), values).all())

    def change(self, sql: str, **values: Any) -> int:
        """Change the database below it; the number of rows."""
        with self.engine.begin() as connection:
            return int(connection.execute(text(sql), values).rowcount)

    def remember(self, name: str) -> None:
        """Keep every table and every upload as it is now."""
        with self.engine.begin() as connection:
            for (table,) in connection.execute(text("SHOW TABLES LIKE 'wp\\_%'")).all():
                connection.execute(text(f"DROP TABLE IF EXISTS {name}_{table}"))
                connection.execute(text(f"CREATE TABLE {name}_{table} AS SELECT * FROM {table}"))
        shutil.copytree(self._uploads, self._kept_uploads(name))
        self._remembered.add(name)

    def reset(self, name: str = INSTALLED) -> None:
        """Everything as it was when it was kept."""
        with self.engine.begin() as connection:
            for (table,) in connection.execute(text("SHOW TABLES LIKE 'wp\\_%'")).all():
                connection.execute(text(f"TRUNCATE {table}"))
                connection.execute(text(f"INSERT INTO {table} SELECT * FROM {name}_{table}"))
        shutil.rmtree(self._uploads)
        shutil.copytree(self._kept_uploads(name), self._uploads)

    def remembers(self, name: str) -> bool:
        """Whether something was kept under this name."""
        return name in self._remembered

    @property
    def _uploads(self) -> Path:
        return self.folder / "wp-content/uploads"

    def _kept_uploads(self, name: str) -> Path:
        return self.folder.with_name(f"uploads-{name}")


def demand() -> None:
    """Skip where WordPress or PHP is missing; fail where CI promises them."""
    missing = [name for name, there in (("php", _has_php()), (str(PACKAGE), PACKAGE.is_dir())) if not there]
    reason = f"no WordPress: {', '.join(missing)} missing ({NEEDED})"
    if missing and os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    if missing:
        pytest.skip(reason)


def _has_php() -> bool:
    if shutil.which("php") is None:
        return False
    asked = subprocess.run(["php", "-r", 'exit(extension_loaded("mysqli") ? 0 : 1);'], check=False, timeout=30)
    return asked.returncode == 0


@contextmanager
def running(server: URL, folder: Path, layout: Layout | None = None) -> Iterator[WordPress]:
    """A WordPress with the plugin in a new database and on a free port, until the block ends."""
    demand()
    layout = layout or Layout()
    below = "" if layout.is_network else layout.path
    site, name = folder / f"site{below}", f"migrator_test_wp_{uuid.uuid4().hex[:12]}"
    site.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-aL", str(PACKAGE), str(site)], check=True, timeout=120)
    for each in ("mu-plugins", "uploads", "upgrade"):
        (site / "wp-content" / each).mkdir(exist_ok=True)
    shutil.copy(PLUGIN, site / "wp-content/mu-plugins/migrator.php")
    admin = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"))
    port = _free_port()
    host = f"127.0.0.1:{port}"
    try:
        (site / "wp-config.php").unlink(missing_ok=True)
        (site / "wp-config.php").write_text(_config(server, name, f"http://{host}{below}"), encoding="utf-8")
        (folder / "router.php").write_text(ROUTER.replace("%s", below), encoding="utf-8")
        password = _set_up(SET_UP, folder, site, host, layout.permalinks, layout.zone, "1" * layout.is_network)
        if layout.is_network:
            _widen(site, host)
            password = _set_up(SECOND_SITE, folder, site, host, f"{layout.path}/")
        engine = create_engine(server.set(database=name), poolclass=NullPool)
        wordpress = WordPress(f"http://{host}{layout.path}", "admin", password, site, engine)
        with _served(folder, port, wordpress):
            wordpress.remember(INSTALLED)
            yield wordpress
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name}"))


def _set_up(program: str, folder: Path, *arguments: str | Path) -> str:
    """Run a PHP program; the last line it prints."""
    path = folder / "set_up.php"
    path.write_text(program, encoding="utf-8")
    done = subprocess.run(["php", path, *arguments], check=True, capture_output=True, text=True, timeout=120)
    return done.stdout.strip().rpartition("\n")[2]


def _widen(site: Path, host: str) -> None:
    """Make a network of the site whose tables were made for one."""
    config = site / "wp-config.php"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("if (!defined('ABSPATH'))", NETWORK.format(host=host) + "if (!defined('ABSPATH'))"))


def _config(server: URL, database: str, url: str) -> str:
    salts = "\n".join(f"define('{name}', '{secrets.token_hex(32)}');" for name in SALTS)
    return CONFIG.format(
        database=database, user=server.username, password=server.password or "", host=server.host,
        port=server.port or 3306, url=url, salts=salts,
    )  # fmt: skip


@contextmanager
def _served(folder: Path, port: int, wordpress: WordPress) -> Iterator[None]:
    limits = ("memory_limit=256M", "upload_max_filesize=64M", "post_max_size=64M")
    options = [word for option in ("opcache.enable_cli=1", *limits) for word in ("-d", option)]
    command = ["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(folder / "site"), str(folder / "router.php")]
    with (folder / "php.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "PHP_CLI_SERVER_WORKERS": str(WORKERS)},
        )  # fmt: skip
    try:
        until = time.monotonic() + START_S
        while True:
            try:
                wordpress.get("migrator/v1/about")
                break
            except requests.RequestException:
                if process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.1)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):  # the workers are in its group
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
