"""The two tables of rows as columns: antidepressant trials, and medicines with their classes.

The one place that says over columns what `ketatui.engine.trials` and
`ketatui.engine.drug_classes` say over a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ketatui.cases.model import ANTIDEPRESSANT, NONE_OF_THESE, NOT_ESTABLISHED
from ketatui.cohort.columns import Reading, rows_of
from ketatui.cohort.expressions import (
    FALSE,
    NULL,
    TRUE,
    AllBits,
    Arithmetic,
    Const,
    Distinct,
    Each,
    Expr,
    Field,
    Greatest,
    Item,
    Joined,
    Length,
    Lookup,
    and_,
    any_bit,
    choose,
    compare,
    is_null,
    is_true,
    masked,
    not_,
    or_,
    or_else,
)
from ketatui.cohort.numbers import DIGITS, Number, compared, number
from ketatui.cohort.program import Steps
from ketatui.criteria.models import Question
from ketatui.criteria.vocabulary import ADEQUATE_WEEKS, MEDICATIONS, TRD_FAILED_TRIALS, TRIALS
from ketatui.engine.trials import failing_outcomes
from ketatui.structs import Frozen

DRUGS = "drugs of trials"
"""Table of names: ``drug`` (a number that two names of one drug share), ``minimum`` (mg in parts
of ten; absent where none is tabled), ``other`` (1 where it is known and is no antidepressant),
``named`` (0 where nothing is named)."""
NAMES = "names of medicines"
"""Table of names: ``classes`` (a bit for each class), ``known`` (1 where that is all), ``alone``
(both in one: the classes, and the bit of what is open where that is not all)."""
SAID = "classes said"

MOST_ROWS = 10_000
_OPEN, _COUNTS, _DRUG = 1, 2, (1 << 62) - 4
"""Bits of a judged row: it may count, it counts; and those of its drug."""


class TrialTable(Frozen, frozen=True):
    """The trials, judged.

    Attributes:
        number: Failed adequate trials in this episode; null while that is not known.
        finished: There are rows, and none is open. Never null.
        complete: The history is marked as complete. Never null.
    """

    number: Number
    finished: Expr
    complete: Expr


def lower_trials(
    steps: Steps, reading: Reading, hidden: Expr, complete: Expr, reported: Number
) -> TrialTable:
    """Count the trials that failed.

    Args:
        steps: Where columns are named.
        reading: Reads the table.
        hidden: The table is not asked for, and its rows do not count.
        complete: Whether the rows are the whole history.
        reported: Failed trials as reported.

    Returns:
        The number, and what it hangs on.
    """
    rows = rows_of(reading, TRIALS)
    enough = Const(int(reading.pack.threshold_values[TRD_FAILED_TRIALS]))
    whole = is_true(complete)
    if rows == NULL:
        nothing: Expr = FALSE
        least: Expr = Const(0)
        most: Expr = Const(0)
        used_some, finished = nothing, nothing
    else:
        judged = steps.let("trials:judged", Each(rows, _row(reading)))
        some = compare(">", or_else(Length(rows), 0), Const(0))
        states = steps.let("trials:states", or_else(Joined(judged, Item()), 0))
        finished = steps.let("trials:finished", and_(some, not_(any_bit(states, _OPEN))))
        used_some = and_(some, not_(hidden))
        least = _count(steps, "certain", judged, hidden, _COUNTS)
        most = _count(steps, "possible", judged, hidden, _COUNTS | _OPEN)
    settled = or_(compare("=", least, most), compare(">=", least, enough))
    by_rows = and_(whole, or_(used_some, is_null(reported.expr)))
    either = choose([(is_null(reported.expr), NULL)], _greater(least, reported.expr))
    found = choose(
        [
            (and_(by_rows, settled), least),
            (by_rows, NULL),
            (not_(is_null(reported.expr)), either),
            (compare(">=", least, enough), least),
        ],
        NULL,
    )
    column = steps.let("fact:failed trials", found)
    return TrialTable(Number(column, 0, 0, MOST_ROWS), finished, whole)


def _greater(least: Expr, reported: Expr) -> Expr:
    return reported if least == Const(0) else Greatest(least, reported)


def _count(steps: Steps, name: str, judged: Expr, hidden: Expr, states: int) -> Expr:
    # What is counted are drugs, not rows: two rows of one drug count once.
    drugs = Distinct(judged, choose([(any_bit(Item(), states), masked(Item(), _DRUG))], NULL))
    return steps.let(f"trials:{name}", choose([(hidden, Const(0))], or_else(drugs, 0)))


def _row(reading: Reading) -> Expr:
    """Judge one row: four times its drug, and 2 if it counts, 1 if it may, 0 if it does not."""
    # Written so that whether it counts stands there once: lists know no columns in between.
    state = or_else(Arithmetic("*", and_(*_parts(reading)), Const(_COUNTS)), _OPEN)
    drug = or_else(Lookup(DRUGS, "drug", Field("drug")), 0)
    return Arithmetic("+", Arithmetic("*", drug, Const(4)), state)


def _parts(reading: Reading) -> tuple[Expr, ...]:
    """Return what has to hold of a row for it to count."""
    question = reading.pack.questions[TRIALS]
    columns = {column.id: column for column in question.columns}

    def cell(name: str) -> Expr:
        return reading.field(question, name)

    def raw(name: str) -> Expr:
        # A kind that cannot be read is not one that is not given: the row stays open.
        return NULL if cell(name) == NULL else Field(name)

    def coded(name: str, *codes: str) -> Expr:
        options = columns[name].options if name in columns else ()
        places = [place for place, o in enumerate(options) if o.code in codes]
        found = or_(*(compare("=", cell(name), Const(place)) for place in places))
        return found if places else choose([(is_null(cell(name)), NULL)], found)

    drug = Field("drug")
    other = compare("=", or_else(Lookup(DRUGS, "other", drug), 0), Const(1))
    kind = choose(
        [(is_null(raw("kind")), choose([(other, NULL)], TRUE))], coded("kind", ANTIDEPRESSANT)
    )
    minimum = Lookup(DRUGS, "minimum", drug)
    named = compare("=", or_else(Lookup(DRUGS, "named", drug), 0), Const(1))
    dose = choose(
        [
            (not_(named), NULL),
            (is_null(minimum), cell("dose_adequate")),
        ],
        compare(">=", cell("daily_dose_mg"), minimum),
    )
    weeks = Number(cell("weeks"), DIGITS, 0, 10 ** (4 + DIGITS))
    least = number(Decimal(reading.pack.threshold_values[ADEQUATE_WEEKS]))
    return (
        kind,
        cell("current_episode"),
        cell("adherent"),
        coded("outcome", *failing_outcomes(reading.pack)),
        dose,
        compared(">=", weeks, least),
    )


class RowCount(Frozen, frozen=True):
    """The rows of a table, counted.

    Attributes:
        number: How many; null while that is not known.
        finished: There are rows, and all of them say something. Never null.
    """

    number: Number
    finished: Expr


def lower_count(
    steps: Steps, reading: Reading, question: Question, hidden: Expr, marked: Expr
) -> RowCount:
    """Count the rows of a table.

    A table that nobody gave may hold anything, unlike one that is empty: the number is open. So it
    is with an element that says nothing, which may stand for a cell that is no list.

    Args:
        steps: Where columns are named.
        reading: Reads the table.
        question: The question whose answer is the table.
        hidden: The table is not asked for, and its rows do not count.
        marked: The table is marked as not to be established.
    """
    ident = question.id
    rows = rows_of(reading, ident)
    if rows == NULL:
        return RowCount(Number(choose([(hidden, Const(0))], NULL), 0, 0, MOST_ROWS), FALSE)
    says = or_(*(not_(is_null(Field(name))) for name in sorted(reading.given.fields[ident])))
    blank = any_bit(or_else(Joined(rows, choose([(says, Const(0))], Const(1))), 0), 1)
    is_blank = steps.let(f"rows:{ident}:blank", blank)
    length = steps.let(f"rows:{ident}:length", Length(rows))
    nobody_knows = or_(is_blank, and_(marked, compare("=", length, Const(0))))
    number = choose([(hidden, Const(0)), (nobody_knows, NULL)], length)
    some = compare(">", or_else(length, 0), Const(0))
    return RowCount(
        Number(steps.let(f"rows:{ident}:number", number), 0, 0, MOST_ROWS),
        steps.let(f"rows:{ident}:finished", and_(some, not_(is_blank))),
    )


class ClassList(Frozen, frozen=True):
    """The drug classes taken, and what is not known of them.

    Attributes:
        bits: A bit for each class that is taken for certain.
        open: There may be more.
        codes: The classes, in the order of their bits.
        listed: There are rows, and all of them are settled.
        list_open: The rows themselves keep it open.
        not_reviewed: That the list was not reviewed keeps it open.
        cannot_be_established: Everything about the list was asked and cannot be found out.
    """

    bits: Expr
    open: Expr
    codes: tuple[str, ...]
    listed: Expr
    list_open: Expr
    not_reviewed: Expr
    cannot_be_established: Expr


def open_bit(codes: Sequence[str]) -> int:
    """Return the bit that says that a medicine may be in more classes than are known."""
    return 1 << len(codes)


def lower_medicines(
    steps: Steps, reading: Reading, reviewed: Expr, marked: Expr, review_marked: Expr
) -> ClassList:
    """Work out the drug classes taken.

    Args:
        steps: Where columns are named.
        reading: Reads the table.
        reviewed: Whether the list was reviewed.
        marked: The list is marked as not to be established.
        review_marked: So is whether it was reviewed.

    Returns:
        The classes and what they hang on; all but ``reviewed`` never null.
    """
    codes = tuple(reading.pack.drug_classes)
    rows = rows_of(reading, MEDICATIONS)
    plain = open_bit(codes)
    unsure = plain << 1
    not_reviewed = not_(is_true(reviewed))
    if rows == NULL:
        nothing: Expr = FALSE
        bits: Expr = Const(0)
        some, unsettled, open_plain = nothing, nothing, nothing
    else:
        element = _medicine(reading, codes, plain, unsure)
        joined = steps.let("medicines:joined", or_else(Joined(rows, element), 0))
        some = steps.let("medicines:some", compare(">", or_else(Length(rows), 0), Const(0)))
        unsettled = any_bit(joined, plain | unsure)
        open_plain = any_bit(joined, plain)
        bits = steps.let("classes:bits", masked(joined, plain - 1))
    list_open = or_(unsettled, marked, and_(not_reviewed, not_(some)))
    # With rows of which nobody can say what they are, or without any and nobody to ask.
    established = choose([(unsettled, not_(open_plain)), (some, FALSE)], review_marked)
    return ClassList(
        bits=bits,
        open=steps.let("classes:open", or_(list_open, not_reviewed)),
        codes=codes,
        listed=and_(some, not_(unsettled)),
        list_open=list_open,
        not_reviewed=not_reviewed,
        cannot_be_established=or_(marked, established),
    )


def _medicine(reading: Reading, codes: tuple[str, ...], plain: int, unsure: int) -> Expr:
    """Return the bits of one medicine: its classes, and whether that is all there is to it."""
    name = Field("name")
    if "classes" not in reading.given.fields.get(MEDICATIONS, ()):
        return or_else(Lookup(NAMES, "alone", name), plain)
    known = compare("=", or_else(Lookup(NAMES, "known", name), 0), Const(1))
    classes = or_else(Lookup(NAMES, "classes", name), 0)
    of_row, fine = said_of(reading)
    mark = 1 << len(codes)
    held = choose([(fine, of_row)], Const(0))
    # Whoever said more than can be read of a medicine may have said more than its name does.
    return _settled(and_(known, fine), classes, held, mark, mark << 2, plain, unsure)


def said_of(reading: Reading) -> tuple[Expr, Expr]:
    """Return what is said of a medicine's classes, as bits, and whether all of it is allowed.

    Both are over the row, and neither is ever null. With one code that nobody knows none of them
    counts: it may have been any.
    """
    codes = tuple(reading.pack.drug_classes)
    reading.lookups.setdefault(SAID, _said(codes))
    mark = 1 << len(codes)
    bad, none_of_these = mark << 1, mark << 2
    of_row = or_else(Joined(Field("classes"), or_else(Lookup(SAID, "bit", Item()), bad)), 0)
    alone = compare("<=", or_else(Length(Field("classes")), 0), Const(1))
    return of_row, and_(
        not_(any_bit(of_row, bad)), or_(not_(any_bit(of_row, none_of_these)), alone)
    )


def _settled(
    known: Expr, classes: Expr, held: Expr, mark: int, none: int, plain: int, unsure: int
) -> Expr:
    only_classes = masked(held, mark - 1)
    with_said = AllBits((classes, only_classes))
    return choose(
        [
            (known, with_said),
            (any_bit(held, mark), AllBits((with_said, Const(unsure)))),
            (any_bit(held, (mark - 1) | none), with_said),
        ],
        AllBits((classes, Const(plain))),
    )


def _said(codes: tuple[str, ...]) -> dict[str, dict[str, int]]:
    said = {code: {"bit": 1 << place} for place, code in enumerate(codes)}
    said[NOT_ESTABLISHED] = {"bit": 1 << len(codes)}
    said[NONE_OF_THESE] = {"bit": 4 << len(codes)}
    return said
