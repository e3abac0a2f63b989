"""Whether every rule of a pack decides a practice case, or the pack says why it does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ketatui.engine import Knowledge, assess
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.loading import UNDECIDED, PracticeCase
from ketatui.practice.models import UndecidedFile
from ketatui.practice.stages import parts_of
from ketatui.practice.tables import load_table


def load_undecided(folder: Path) -> dict[str, str] | None:
    """Read for which rules no practice case can be decided, and why.

    Args:
        folder: The practice folder of a pack.

    Returns:
        The reason by rule; None where the pack has no such file, and so does not claim that its
        cases are about every rule.

    Raises:
        CaseError: With every problem of the file.
    """
    path = folder / UNDECIDED
    if not path.is_file():
        return None
    found = load_table(path, UndecidedFile)
    return {rule: item.because for item in found.undecided for rule in item.rules}


def deciding(knowledge: Knowledge, cases: Iterable[PracticeCase]) -> frozenset[str]:
    """Return the rules that set a verdict in one case at least, those of visits in its stages.

    Raises:
        CaseError: A stage of a case is faulty.
    """
    return frozenset(
        rule
        for case in cases
        for part in parts_of(knowledge, case)
        for pathway in assess(
            part.knowledge, part.case.right, part.case.file.on, with_changes=False
        ).pathways
        for rule in setting_the_verdict(pathway)
    )


def never_practiced(
    rules: Collection[str], decide: Collection[str], undecided: Collection[str]
) -> Iterator[str]:
    """Say what does not hold of the rules that practice cases are about.

    Args:
        rules: All rules of the pack.
        decide: Those that decide a case.
        undecided: Those of which the pack says why they decide none.

    Yields:
        A line a problem: a rule without a case and without a reason, a reason for a rule that has
        a case after all, and one for a rule that is not there.
    """
    for rule in rules:
        if rule not in decide and rule not in undecided:
            yield f"rule {rule} decides no practice case; write one, or say why in {UNDECIDED}"
    for rule in undecided:
        if rule not in rules:
            yield f"{UNDECIDED}: there is no rule {rule}"
        elif rule in decide:
            yield f"{UNDECIDED}: {rule} decides a practice case; take it out"
