"""The printed paper: issues, their pages, and what was paid for contributions."""

from __future__ import annotations

from migrator.model.content.kinds import EntityType, choice, flag, instant, integer, ref, refs, text

PRINT_ISSUE = EntityType(
    "print_issue",
    (
        text("number", "number of the issue, as printed", required=True),
        instant("published_at", "day of the issue, at midnight in the newspaper's time zone"),
        text("edition", "publication it is an issue of, in the newspaper's words"),
        text("title", "name of a special issue"),
        integer("page_count", "pages it has"),
    ),
)

PRINT_PAGE = EntityType(
    "print_page",
    (
        ref("issue", "print_issue", "issue it is in", required=True),
        integer("number", "page number", required=True),
        text("title", "heading of the page"),
        ref("pdf", "asset", "the page as a PDF"),
        refs("articles", "article", "articles on it, in order"),
    ),
)

ROYALTY = EntityType(
    "royalty",
    (
        ref("article", "article", "what it is paid for"),
        ref("person", "person", "pen name it is credited to"),
        ref("account", "account", "who is paid"),
        choice("role", "what was contributed", frozenset({"text", "photo", "translation", "editing"})),
        text("genre", "kind of text the coefficient is for, in the newspaper's words"),
        integer("coefficient_thousandths", "coefficient (hệ số) times 1,000"),
        integer("unit_value_vnd", "value of one unit at the date, in đồng"),
        integer("amount_vnd", "what is paid, in đồng", required=True),
        text("period", "month it is paid in, YYYY-MM", required=True, length=7),
        ref("approved_by", "account", "who approved it"),
        flag("is_paid", "whether it was paid out"),
        instant("paid_at", "when"),
        text("note", "what the accountants noted", length=None),
    ),
)
