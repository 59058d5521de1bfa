"""Telling people and machines that a run is over. What is told has counts and codes in it, no texts and no names of people.

A notification that fails is told to whoever started the run, and changes nothing else.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from migrator import mail
from migrator.errors import AccessError, MigratorError
from migrator.i18n import term, text
from migrator.net import Session
from migrator.project.secrets import resolve
from migrator.project.settings_notify import Email, Notify, Webhook

WEBHOOK_S = 20.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a session of a run was over. ``ended`` is done, limited, stopped or failed; ``error`` a code, for a failed one.

    ``run`` is 0 where it failed before there was one. ``buckets``: entity -> bucket -> rows, as the ledger knows them.
    """

    project: str
    ended: str
    exit_code: int
    run: int
    set_aside: int
    began_at: datetime
    ended_at: datetime
    buckets: Mapping[str, Mapping[str, int]]
    error: str = ""

    @property
    def events(self) -> frozenset[str]:
        """What it is in the words of ``notify.on``."""
        event = "done" if self.ended == "limited" else self.ended
        return frozenset({event, "set_aside"} if self.set_aside and event == "done" else {event})


def notify(settings: Notify, folder: Path, ended: Ended, complain: Callable[[str], None]) -> None:
    """Tell it by every way the project names, unless the project does not want to hear of this."""
    if not settings.on & ended.events:
        return
    for way, tell in (("email", _by_email), ("webhook", _by_webhook)):
        wanted: Any = getattr(settings, way)
        if wanted is None:
            continue
        try:
            tell(wanted, folder, ended, settings.language)
        except MigratorError as error:
            complain(text("notify.failed", settings.language, way=term("notify.way", way, settings.language),
                          said=error.message, next_step=error.next_step))  # fmt: skip


def _by_email(email: Email, folder: Path, ended: Ended, language: str) -> None:
    message = EmailMessage()
    message["From"], message["To"] = email.sender, ", ".join(email.to)
    message["Subject"] = subject(ended, language)
    message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="migrator.invalid")
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    message.set_content("\n".join(sentences(ended, language)) + "\n")
    mail.send(mail_server(email, folder), message)


def mail_server(email: Email, folder: Path) -> mail.MailServer:
    """The server with its password looked up. ConfigurationError where the reference leads nowhere."""
    password = resolve(email.password, folder) if email.password else ""
    return mail.MailServer(email.host, email.port, email.starttls, email.user, password)


def _by_webhook(webhook: Webhook, folder: Path, ended: Ended, language: str) -> None:
    url = resolve(webhook.url, folder)
    parts = urlsplit(url)
    headers = {name: resolve(value, folder) for name, value in webhook.headers.items()}
    session = Session({parts.netloc.rpartition("@")[2]}, timeout_s=WEBHOOK_S, longest_s=WEBHOOK_S)
    try:
        status = session.post_json(url, orjson.dumps(payload(ended, language)), headers)
    except ValueError as error:  # a header with a line break, a port that is none
        raise AccessError("The webhook's address or a header is not usable.", "Check notify.webhook.") from error
    finally:
        session.close()
    if not 200 <= status < 300:
        raise AccessError(f"{parts.hostname} answered {status}.", "Check notify.webhook in migration.yaml.")


def subject(ended: Ended, language: str) -> str:
    """One line."""
    key = "set_aside" if "set_aside" in ended.events else ended.ended
    # a line break in a project's name would begin another header
    return text(f"notify.subject.{key}", language, project=" ".join(ended.project.split()), count=ended.set_aside)


def sentences(ended: Ended, language: str) -> list[str]:
    """The message for people."""
    lines = [subject(ended, language), ""]
    if ended.run:
        lines.append(text("notify.run", language, run=str(ended.run), began=ended.began_at, ended=ended.ended_at))
    lines.append(text("notify.where", language, host=socket.gethostname(), code=ended.exit_code))
    for entity, buckets in ended.buckets.items():
        numbers = ", ".join(f"{term('bucket', b, language)} {n}" for b, n in buckets.items())
        lines.append(f"  {term('entity', entity, language)}: {numbers}")
    if ended.error:
        lines.append(text("notify.error", language, code=ended.error))
    key = "set_aside" if "set_aside" in ended.events else ended.ended
    return [*lines, "", text(f"notify.next.{key}", language)]


def payload(ended: Ended, language: str) -> dict[str, Any]:
    """The message for machines; ``text`` is what chat rooms show."""
    return {
        "tool": "migrator", "event": ended.ended, "project": ended.project, "run": ended.run or None,
        "exit_code": ended.exit_code, "set_aside": ended.set_aside, "error": ended.error or None,
        "began_at": ended.began_at, "ended_at": ended.ended_at, "host": socket.gethostname(),
        "buckets": {entity: dict(buckets) for entity, buckets in ended.buckets.items()},
        "text": "\n".join(sentences(ended, language)),
    }  # fmt: skip
