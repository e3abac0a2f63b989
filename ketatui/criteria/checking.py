"""What is wrong with a pack beyond its structure: references, leftovers, forbidden forms.

Structure is checked when a pack is loaded, types of expressions when the engine compiles it;
what needs the engine (rules that can never be true) is in `ketatui.engine.reachability`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

from ketatui.cql import ExpressionError, parse
from ketatui.cql.syntax import Is, Name, Threshold, names, walk
from ketatui.criteria.consistency import check_consistency
from ketatui.criteria.drug_checks import check_drugs
from ketatui.criteria.pack import Pack
from ketatui.criteria.places import Notes, leaves_under
from ketatui.criteria.problems import Problem
from ketatui.criteria.vocabulary import NO_PAYER, PAYER
from ketatui.structs import Frozen


class Findings(Frozen, frozen=True):
    """What a check found.

    Attributes:
        problems: To be mended, in the order of files and lines.
        warnings: Worth knowing.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_pack(
    pack: Pack,
    on: dt.date,
    *,
    reads: Mapping[str, Iterable[str]],
    compares: Mapping[str, Iterable[str]],
) -> Findings:
    """Check a pack that could be loaded.

    Args:
        pack: The pack.
        on: The day, for what has run out.
        reads: What each derived fact with a named calculation reads, by its id.
        compares: Names of the thresholds it compares with, likewise.

    Returns:
        Every problem and warning.
    """
    notes = Notes(pack)
    checks: tuple[Callable[[Notes], None], ...] = (
        _sources,
        check_drugs,
        _groups,
        _pathways,
        _forms,
        _payers,
        check_consistency,
    )
    for check in checks:
        check(notes)
    _unused_questions(notes, reads)
    _thresholds(notes, compares)
    _dates(notes, on)
    return Findings(ordered(notes.problems), ordered(notes.warnings))


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file and line, each once."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.where, p.message)))


class Expression(Frozen, frozen=True):
    """One expression of a pack, and where it stands."""

    kind: str
    ident: str
    keys: tuple[str | int, ...]
    text: str

    @property
    def reads(self) -> tuple[str, ...]:
        """Ids it names; none if it cannot be parsed, which compiling reports."""
        try:
            return names(parse(self.text))
        except ExpressionError:
            return ()


def expressions(pack: Pack) -> Iterator[Expression]:
    """Yield every expression of a pack."""
    for kind, ident, keys, text in (*_asking(pack), *_ruling(pack), *_telling(pack)):
        if text is not None:
            yield Expression(kind, ident, keys, text)


Said = tuple[str, str, tuple[str | int, ...], str | None]


def _asking(pack: Pack) -> Iterator[Said]:
    for question in pack.questions.values():
        yield "question", question.id, ("asked_when",), question.asked_when
    for fact in pack.derived.values():
        yield "derived fact", fact.id, ("expression",), fact.expression


def _ruling(pack: Pack) -> Iterator[Said]:
    for rule in pack.rules.values():
        yield "rule", rule.id, ("when",), rule.when
        for pathway, variant in rule.on.items():
            yield "rule", rule.id, ("on", pathway, "when"), variant.when
    for row in pack.support.values():
        yield "support row", row.id, ("when",), row.when


def _telling(pack: Pack) -> Iterator[Said]:
    for item in pack.contradictions.values():
        yield "contradiction", item.id, ("when",), item.when
    for payer in pack.payers.values():
        for number, requirement in enumerate(payer.rules):
            yield "payer", payer.id, ("rules", number, "when"), requirement.when
    for consent in pack.consent.values():
        yield "consent item", consent.id, ("hidden_when",), consent.hidden_when


def _sources(notes: Notes) -> None:
    known = notes.pack.sources
    used: set[str] = set()
    for file, data in notes.data():
        if file == "sources.toml":
            continue
        for place, ident, value in leaves_under("sources", data):
            if isinstance(value, str):
                key = value.partition(" §")[0]
                used.add(key)
                if key not in known:
                    notes.at(
                        file, place, ident, f"missing source {key!r}; it is not in sources.toml"
                    )
    for key in known:
        if key not in used:
            notes.of("source", key, "unused source: nothing refers to it")


def _pathways(notes: Notes) -> None:
    pack = notes.pack

    def known(kind: str, ident: str, found: Iterable[str], *keys: str) -> None:
        allowed = ", ".join([*pack.pathways, *pack.groups])
        for pathway in found:
            if pathway not in pack.pathways:
                notes.of(kind, ident, f"unknown pathway {pathway!r}; allowed: {allowed}", *keys)

    for rule in pack.rules.values():
        known("rule", rule.id, rule.effects, "effects")
        known("rule", rule.id, rule.on, "on")
        for pathway in rule.on:
            if pathway in pack.pathways and pathway not in rule.effects:
                message = f"says something for {pathway}, on which it has no effect"
                notes.of("rule", rule.id, message, "on", pathway)
    for row in pack.support.values():
        known("support row", row.id, row.on, "on")
        for pathway in pack.pathways:
            if pathway not in row.on:
                notes.of("support row", row.id, f"no cell for {pathway}", "on")
        for pathway, cell in row.on.items():
            if cell.carried_by is not None and cell.carried_by not in pack.rules:
                message = f"carried_by names an unknown rule: {cell.carried_by}"
                notes.of("support row", row.id, message, "on", pathway, "carried_by")
    for item in pack.consent.values():
        known("consent item", item.id, (*item.pathways, *item.on), "pathways")
        for question in item.about:
            if question not in pack.questions:
                notes.of(
                    "consent item", item.id, f"about an unknown question {question!r}", "about"
                )
    for payer in pack.payers.values():
        known("payer", payer.id, payer.pathways, "pathways")


def _groups(notes: Notes) -> None:
    pack = notes.pack
    allowed = ", ".join(pack.pathways)
    for group, members in pack.groups.items():
        if group in pack.pathways:
            notes.at("pathways.toml", ("groups",), group, "a pathway has this id as well")
        for ident in members:
            if ident not in pack.pathways:
                message = f"unknown pathway {ident!r}; allowed: {allowed}"
                notes.at("pathways.toml", ("groups",), group, message)


def _unused_questions(notes: Notes, reads: Mapping[str, Iterable[str]]) -> None:
    pack = notes.pack
    used = {ident for expression in expressions(pack) for ident in expression.reads}
    used.update(ident for idents in reads.values() for ident in idents)
    for question in pack.questions.values():
        if question.id not in used and question.informs is None:
            message = "nothing uses this question; say in 'informs' why it is asked all the same"
            notes.of("question", question.id, message)


def _forms(notes: Notes) -> None:
    """Refuse the forms that answer even for null where an answer would then be assumed.

    They may be asked of a derived fact for which null is an answer, and where the rule itself
    says why an unanswered question decides.
    """
    derived = notes.pack.derived
    may_be_null = {ident for ident, fact in derived.items() if fact.optional}
    reasoned = {rule.id for rule in notes.pack.rules.values() if rule.null_decides}
    for expression in expressions(notes.pack):
        if expression.kind not in ("rule", "question", "derived fact", "support row"):
            continue
        if expression.kind == "rule" and expression.ident in reasoned:
            continue
        try:
            nodes = walk(parse(expression.text))
        except ExpressionError:
            continue
        if any(
            isinstance(node, Is)
            and not (isinstance(node.operand, Name) and node.operand.id in may_be_null)
            for node in nodes
        ):
            notes.of(
                expression.kind,
                expression.ident,
                "'is null', 'is true' and 'is false' let an unanswered question decide; allowed "
                "only in hidden_when, contradictions and payer rules, of a derived fact that is "
                "'optional', and in a rule that says why in 'null_decides'",
                *expression.keys,
            )


def _payers(notes: Notes) -> None:
    question = notes.pack.questions.get(PAYER)
    codes = {option.code for option in question.options} if question else set()
    for payer in notes.pack.payers:
        if payer not in codes:
            notes.of("payer", payer, f"{PAYER} has no option {payer!r}", "id")
    for code in sorted(codes - {NO_PAYER} - set(notes.pack.payers)):
        message = f"option {code!r} has no profile in payers/"
        notes.of("question", PAYER, message, "options")


def _thresholds(notes: Notes, compares: Mapping[str, Iterable[str]]) -> None:
    pack = notes.pack
    used: set[str] = set()
    for expression in expressions(pack):
        try:
            nodes = walk(parse(expression.text))
        except ExpressionError:
            continue
        used |= {node.name for node in nodes if isinstance(node, Threshold)}
    used.update(name for names_ in compares.values() for name in names_)
    for name, threshold in pack.thresholds.items():
        if not threshold.min <= threshold.value <= threshold.max:
            allowed = f"allowed: {threshold.min} to {threshold.max}"
            notes.of("threshold", name, f"{threshold.value} is out of range; {allowed}", "value")
        if name not in used:
            notes.of("threshold", name, "unused threshold: nothing compares with it")


def _dates(notes: Notes, on: dt.date) -> None:
    pack = notes.pack
    if pack.info.review_by < on:
        message = f"the pack was to be reviewed by {pack.info.review_by}"
        notes.warn("pack.toml", ("review_by",), pack.info.id, message)
    for rule in pack.rules.values():
        if rule.afterwards is not None and rule.valid_until is None:
            notes.of("rule", rule.id, "'afterwards' needs 'valid_until'", "afterwards")
        if rule.valid_until is not None and rule.valid_until < on:
            origin = pack.origins["rule", rule.id]
            then = "says something else" if rule.afterwards else "has lapsed"
            message = f"ran to {rule.valid_until} and {then} since"
            notes.warn(origin.file, (*origin.path, "valid_until"), rule.id, message)
