"""A folder of static pages served on this machine, for a project whose legacy site is a copy on disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from migrator.errors import AccessError

POLL_S = 0.05
"""How long stopping may take."""


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files below its folder, and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # the base class names it so
        """No access log: the pages are read by this very process."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address (``http://127.0.0.1:port``) under which the folder is served while the block runs."""
    if not folder.is_dir():
        raise AccessError(f"There is no folder {folder} to serve.", "Correct `serve` in migration.yaml.")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(POLL_S,), name="legacy-site", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
