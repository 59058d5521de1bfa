"""Sending one message by SMTP. The one place for smtplib, as net.py is for HTTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage

from migrator.errors import AccessError

TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed in. ``starttls`` demands encryption before anything is said; ``user`` empty: no login."""

    host: str
    port: int
    starttls: bool
    user: str = ""
    password: str = ""


def send(server: MailServer, message: EmailMessage, timeout_s: float = TIMEOUT_S) -> None:
    """Hand the message in. AccessError, which names the server and the kind of failure but no address and no password."""
    with _connected(server, timeout_s) as connection:
        connection.send_message(message)


def reach(server: MailServer, timeout_s: float = TIMEOUT_S) -> None:
    """Greet the server, encrypt and log in as for a message, and hand none in. AccessError."""
    with _connected(server, timeout_s) as connection:
        connection.noop()


@contextmanager
def _connected(server: MailServer, timeout_s: float) -> Iterator[smtplib.SMTP]:
    try:
        with smtplib.SMTP(server.host, server.port, timeout=timeout_s) as connection:
            if server.starttls:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
            yield connection
    except (OSError, smtplib.SMTPException) as error:  # what servers answer often repeats an address
        raise AccessError(
            f"The mail server {server.host}:{server.port} did not take the message ({type(error).__name__}).",
            "Check notify.email in migration.yaml, and that the server takes mail from this machine.",
        ) from error
