"""One body in, one clean body out, with notes of what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter

from migrator.html.arrange import arranged
from migrator.html.attributes import Noted
from migrator.html.decoding import repaired
from migrator.html.elements import Decisions, Element
from migrator.html.links import Renamer
from migrator.html.mended import was_mended
from migrator.html.options import CleanOptions
from migrator.html.pictures import Image, images_of
from migrator.html.plain import text_of, words_of
from migrator.html.shortcodes import Shortcodes
from migrator.html.tokens import TAG, Tokens, tokenise
from migrator.html.walk import Walk
from migrator.text.composed import composed, is_composed

_REMOVED = {"script": "script-removed", "xml": "word-debris"}
_DETAILS_SHOWN = 10
_LONGEST_TOLD = 500
_MOST_READINGS = 4


@dataclass(frozen=True, slots=True)
class CleanBody:
    """A body that is safe to publish.

    ``text`` has one line a block, no empty lines, NFC. ``words`` counts its runs between white space that hold a letter
    or a digit. ``notes`` are pairs of code and detail, sorted by code: what is only counted has each code once, a change
    of words has a note of its own. ``related`` are the addresses in boxes of related news, in order, each once.
    """

    html: str
    text: str
    words: int
    notes: tuple[tuple[str, str], ...]
    related: tuple[str, ...] = ()

    @property
    def images(self) -> tuple[Image, ...]:
        """The pictures of the body in order, with their captions."""
        return images_of(self.html)


def clean(html: str, options: CleanOptions) -> CleanBody:
    """Cleans one body; cleaning a clean body changes nothing.

    Raises :class:`~migrator.html.limits.BodyTooLarge` for a body beyond the limits, and nothing else.
    """
    body, is_damaged = _cleaned(html, options)
    # Damaged text is judged block by block; what empty blocks have kept apart says more together.
    for _ in range(_MOST_READINGS if is_damaged else 0):
        pieces = TAG.split(body.html)
        told = repaired(pieces)
        markup = "".join(pieces)
        if markup == body.html:
            break
        body = _joined(body, _cleaned(markup, options)[0], told)
    return body


def plain_text(html: str) -> str:
    """The text of :func:`clean` alone: one line a block, no empty lines, NFC."""
    return clean(html, _PLAIN).text


_PLAIN = CleanOptions()


def _cleaned(html: str, options: CleanOptions) -> tuple[CleanBody, bool]:
    """The clean body, and whether there was a sign of damaged text in it."""
    source = tokenise(html)
    told = repaired(source.pieces) if source.damaged else []
    rules = _rules(options)
    codes = Shortcodes(options)
    replaced = codes.replaced(source.pieces) if source.has_bracket else None
    walk = Walk(rules.decisions, options.policy)
    walk.over(source.pieces if replaced is None else TAG.split("".join(replaced)))
    noted = [*walk.noted, *codes.noted]
    noted += _about(html, source)
    _compose(walk.writer.out, noted)
    body = arranged(walk.writer, options.policy, rules.renamer.is_local, take_related=options.take_related)
    noted += [("figure-made", what) for what in body.made]
    if body.boxes and options.take_related:
        body.out = _written_again(body.out, rules, options)
    markup = "".join(body.out)
    text = text_of(markup)
    if "\u0338" in markup:
        markup = markup.replace("&gt;\u0338", "\u226f").replace("&lt;\u0338", "\u226e")  # composed, as all text is
        # After a tag it would melt into its ">" when somebody normalises the whole page.
        markup = markup.replace(">\u0338", ">&#824;")
    related = tuple(dict.fromkeys(address for box in body.boxes for address in box.addresses))
    told += [
        ("related-taken" if options.take_related else "related-found", box.text[:_LONGEST_TOLD]) for box in body.boxes
    ]
    return CleanBody(markup, text, words_of(text), _counted(walk.changed, noted, told), related), source.damaged


def _joined(before: CleanBody, after: CleanBody, told: Noted) -> CleanBody:
    """A body that was cleaned once more, with what there is to say of both times."""
    notes = sorted(dict.fromkeys((*before.notes, *told)), key=itemgetter(0))
    return replace(after, notes=tuple(notes), related=tuple(dict.fromkeys((*before.related, *after.related))))


class _Rules:
    """What follows from a set of options, made once."""

    def __init__(self, options: CleanOptions) -> None:
        self.renamer = Renamer(options)
        self.decisions = Decisions(options.policy, self.renamer)


@lru_cache(maxsize=64)
def _rules(options: CleanOptions) -> _Rules:
    return _Rules(options)


def _written_again(out: Sequence[str], rules: _Rules, options: CleanOptions) -> list[str]:
    """The pieces without the elements that have nothing left to show."""
    walk = Walk(rules.decisions, options.policy)
    walk.over(TAG.split("".join(out)))
    return walk.writer.out


def _about(html: str, source: Tokens) -> Noted:
    """What there is to say of the parsed body as a whole."""
    noted = [(_REMOVED.get(tag, "element-dropped"), tag) for tag, count in source.removed.items() for _ in range(count)]
    noted += [("word-debris", what) for what in source.debris]
    if not source.simplified and was_mended(html, source.pieces[1::2]):
        noted.append(("markup-repaired", "body"))
    return noted


def _compose(out: list[str], noted: Noted) -> None:
    """Brings the texts among the pieces to NFC; texts that follow one another are one. No piece changes its place."""
    if is_composed("".join(out)):
        return
    is_changed = False
    begin = 0
    for end in range(len(out) + 1):
        if end == len(out) or out[end][:1] == "<":
            run = "".join(out[begin:end])
            better = composed(run)
            if better != run:
                is_changed = True
                out[begin:end] = [better, *[""] * (end - begin - 1)]
            begin = end + 1
    if is_changed:
        noted.append(("unicode-nfc", "text"))


def _counted(changed: list[Element], noted: Noted, told: Noted) -> tuple[tuple[str, str], ...]:
    """Each code once, with its details and how often there was cause for them, and what is ``told`` as it is; sorted."""
    found: dict[str, dict[str, int]] = {}
    times: dict[Element, int] = {}
    for element in changed:
        times[element] = times.get(element, 0) + 1
    for element, count in times.items():
        for code, detail in element.notes:
            details = found.setdefault(code, {})
            details[detail] = details.get(detail, 0) + count
    for code, detail in noted:
        details = found.setdefault(code, {})
        details[detail] = details.get(detail, 0) + 1
    counted = [(code, _detail(found[code])) for code in sorted(found)]
    return tuple(sorted([*counted, *told], key=itemgetter(0)) if told else counted)


def _detail(found: dict[str, int]) -> str:
    ordered = sorted(found.items())
    shown = [f"{what} {count}" for what, count in ordered[:_DETAILS_SHOWN]]
    left = sum([count for _, count in ordered[_DETAILS_SHOWN:]])
    return ", ".join([*shown, f"others {left}"] if left else shown)
