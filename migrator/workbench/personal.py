"""Values that look like data of a person are shown by their shape alone: ``an.nguyen@gmail.com`` as ``xx.xxxxxx@xxxxx.xxx``.

A guess for people who look at samples, not a classification: it errs on the side of hiding.
"""

from __future__ import annotations

import re

_WORDS = frozenset({
    "account", "answer", "avatar", "bank", "birthday", "cccd", "cmnd", "cmt", "dob", "fax", "firstname", "fullname", "gender",
    "hash", "ip", "ips", "lastname", "login", "nickname", "passport", "question", "salt", "sdt", "sex", "tel", "user", "username",
})  # fmt: skip
_PARTS = (
    "address", "birth", "diachi", "dia_chi", "dienthoai", "dien_thoai", "first_name", "full_name", "hoten", "ho_ten", "last_name",
    "mail", "mobile", "ngaysinh", "ngay_sinh", "passw", "phone", "secret", "session", "token", "user_pass",
)  # fmt: skip
_TABLES = ("comment", "contact", "customer", "member", "reader", "session", "subscriber", "user")
_VALUES = re.compile(
    r"""[^@\s]+@[^@\s]+\.[a-z]{2,}      # an e-mail address
    | (?:\+?84|0)[\s.-]?[1-9](?:[\s.-]?[0-9]){7,9}   # a Vietnamese telephone number
    | 0[0-9]{11}                        # a citizen's identity number
    | [0-9]{1,3}(?:\.[0-9]{1,3}){3}     # an IPv4 address
    | \$[0-9a-zA-Z]+\$.*                # a hashed password
    | [0-9a-f]{32,}""",
    re.VERBOSE | re.IGNORECASE,
)


def looks_personal(column: str) -> bool:
    """Whether a column's name speaks of a person's data."""
    name = column.lower()
    return any(part in name for part in _PARTS) or not _WORDS.isdisjoint(re.split(r"[^a-z]+", name))


def is_about_people(table: str) -> bool:
    """Whether a table's name says that its rows are people, or what people sent in: nothing of it is shown as it is."""
    return any(part in table.lower() for part in _TABLES)


def shown(table: str, column: str, value: str) -> str:
    """The value as it may be shown: its shape where the table, the column or the value itself looks personal."""
    is_personal = is_about_people(table) or looks_personal(column) or _VALUES.fullmatch(value.strip())
    return _shape(value) if is_personal else value


def _shape(value: str) -> str:
    """Letters as x, digits as 9."""
    return "".join("9" if c.isdigit() else "x" if c.isalpha() else c for c in value)
