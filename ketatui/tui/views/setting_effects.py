"""What a setting changes, as it is now: beside the settings where the screen is wide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ketatui.consultation.site import usable
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.tui.session import Resources
from ketatui.tui.views.lines import EMPTY, Line, line, safe, wrap
from ketatui.tui.views.verdicts import ROLE

_WHERE = {
    "by": ("Decided by", "Each decision, override and saved revision carries it."),
    "role": ("Reviews and signatures", "“Reviewed by A. B. (psychiatrist)”: this is the role."),
    "blank_after": (
        "An unattended screen",
        "The consultation stays as it is, on disk already; Enter shows it again. The clock of a "
        "running session goes on, and what is due in it is still shown, without whose it is.",
    ),
    "practice": ("Attempts", "They are kept apart from cases, and never counted among them."),
    "practice_cases": (
        "A teacher's cases",
        "They stand at the end of the list of practice, with the assignment of the class.",
    ),
    "age_identity": (
        "An encrypted folder",
        "Cases and drafts of a folder that was locked are read and written with this key. "
        "Without it they are listed, and nothing of them is shown.",
    ),
}
"""Settings of which nothing can be shown but what they are for."""


def setting_lines(key: str, resources: Resources, width: int) -> list[Line]:
    """Return what a setting changes.

    Args:
        key: The setting.
        resources: What it works on.
        width: Cells available.
    """
    knowledge = resources.knowledge
    if key in _WHERE:
        title, said = _WHERE[key]
        return [line((title, "title")), *wrap(said, width)]
    if key == "cases":
        return list(_folder(resources, width))
    if knowledge is None or key not in _SHOWN:
        return []
    return list(_SHOWN[key](knowledge.pack, resources, width))


def _theme(pack: Pack, _: Resources, width: int) -> Iterator[Line]:
    """Show what each color means, in the theme that is on."""
    yield line(("What colors mean", "title"))
    for code, said in pack.wording.verdicts.items():
        yield line((f" {said.symbol} {said.title}", ROLE[code]))
    yield EMPTY
    yield line((" Title ", "title"), ("key ", "key"), ("plain ", "text"), ("strong ", "strong"))
    yield line((" aside ", "muted"), (" local policy ", "local"), (" what is typed ", "entry"))
    yield EMPTY
    said_too = "A sign and a word always say what a color does; none is needed."
    yield from wrap(said_too, width, role="muted")


def _payer(pack: Pack, resources: Resources, width: int) -> Iterator[Line]:
    """Show what the payer asks for."""
    payer = pack.payers.get(resources.settings.payer)
    if payer is None:
        yield line(("No payer", "title"))
        yield from wrap(
            "No prior authorization is looked at, until a consultation names one.", width
        )
        return
    yield line((payer.title, "title"))
    yield from wrap(f"{payer.policy}; seen: {payer.captured}", width, role="muted")
    for rule in payer.rules:
        yield from wrap(rule.title, width, role="strong", indent=2, first=(("· ", "muted"),))
        yield from wrap(rule.because, width, indent=2)
    yield EMPTY
    yield from wrap("It never changes a verdict.", width, role="muted")


def _weight(_: Pack, resources: Resources, width: int) -> Iterator[Line]:
    """Show how weights as they are typed are read."""
    unit = resources.settings.weight_unit
    bare = {"lb": "172 pounds, 78 kg", "kg": "172 kg"}.get(
        unit, "172 kg? It asks: pounds are likelier"
    )
    yield line(("How a weight is read", "title"))
    for typed, said in (("172", bare), ("172lb", "172 pounds, 78 kg"), ("78kg", "78 kg")):
        yield line((f"  {typed:<7}", "strong"), (said, "text"))


def _folder(resources: Resources, width: int) -> Iterator[Line]:
    """Show what is in the folder."""
    yield line(("In use now", "title"))
    yield from wrap(str(resources.cases), width)
    library = resources.library
    if library is not None:
        count = library.count()
        yield line(f"{count:,} {'case' if count == 1 else 'cases'} in it.")
    yield EMPTY
    said = "Another folder is used from the next start on; nothing is moved."
    yield from wrap(said, width, role="muted")


def _site(pack: Pack, resources: Resources, width: int) -> Iterator[Line]:
    """Show the answers that are offered."""
    kept = resources.settings.site
    known = usable(pack, kept)
    yield line(("Offered in each new consultation", "title"))
    for ident, value in known.items():
        question = pack.questions[ident]
        said = value_text(pack, ident, value)
        yield from wrap(
            said, width, role="strong", indent=34, first=((f"{question.label} ", "text"),)
        )
    if not known:
        yield from wrap("Nothing yet: no answers of the place are kept.", width, role="muted")
    left = len(kept) - len(known)
    if left:
        said = f"{left} more are not asked by these criteria, or not so answered."
        yield from wrap(said, width, role="caution")


def _policy(pack: Pack, _: Resources, width: int) -> Iterator[Line]:
    """Show what the policy in force changes."""
    policy = pack.policy
    if policy is None:
        yield line(("No local policy", "title"))
        yield from wrap("The criteria hold as they were published.", width)
        return
    yield line((" local policy ", "local"), (f" {safe(policy.title)}", "title"))
    for name in sorted(policy.thresholds):
        threshold = pack.thresholds.get(name)
        title = threshold.title if threshold else name
        value = pack.threshold_values.get(name)
        said = f"{title}: {number_text(value)}" if value is not None else title
        yield from wrap(said, width, indent=2, first=(("· ", "muted"),))
    for ident in sorted(policy.rules):
        title = pack.rules[ident].title if ident in pack.rules else ident
        yield from wrap(f"Rule: {title}", width, indent=2, first=(("· ", "muted"),))


_SHOWN: Mapping[str, Callable[[Pack, Resources, int], Iterator[Line]]] = {
    "theme": _theme,
    "payer": _payer,
    "weight_unit": _weight,
    "site": _site,
    "policy": _policy,
}
