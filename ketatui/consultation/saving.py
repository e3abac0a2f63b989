"""Beginning, leaving, resuming and saving a consultation: the same for the app and the walk.

A consultation is a draft (a `Journal`) from its first moment until its case is saved. Whoever
opens one here ends it with `save`, `save_copy` or `leave`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ketatui.cases.ages import dated
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.identifiers import new_case_id, new_token
from ketatui.cases.journal import Journal
from ketatui.cases.journal_file import Header, JournalContent, read_journal
from ketatui.cases.model import Case, Record
from ketatui.cases.store import CaseStore, Loaded, Stamp
from ketatui.cases.writing import write_checked
from ketatui.consultation.completing import completed, is_empty, pack_name, program
from ketatui.consultation.consultation import Consultation
from ketatui.engine import Knowledge
from ketatui.structs import Frozen

Today = Callable[[], dt.date]


class Resumed(Frozen, frozen=True):
    """A draft that was opened again.

    Attributes:
        consultation: As it was left; what was done before can be undone.
        journal: Its draft, open.
        base: The saved case it changes, for `save`; None for a new one.
        started: When the draft was begun.
        notices: What the clinician should know: a torn last line, damage, other criteria.
    """

    consultation: Consultation
    journal: Journal
    base: Stamp | None
    started: dt.datetime
    notices: tuple[str, ...]


def begin(
    store_folder: Path,
    knowledge: Knowledge,
    *,
    now: dt.datetime,
    label: str = "",
    today: Today = dt.date.today,
) -> tuple[Consultation, Journal]:
    """Begin a new consultation; its draft is on disk when this returns.

    Args:
        store_folder: The folder of saved cases.
        knowledge: The compiled pack.
        now: The moment, with its time zone; the case's id is made of it.
        label: What the clinician calls the case; never a name.
        today: Tells the day, for dated rules.

    Returns:
        The consultation and its open draft.

    Raises:
        CaseError: The folder cannot be made.
        OSError: The disk refuses.
    """
    record = Record(created_at=now, program=program())
    case = Case(id=new_case_id(now, new_token()), label=label, record=record)
    return _open(store_folder, knowledge, case, None, now, today)


def amend(
    store: CaseStore,
    loaded: Loaded,
    knowledge: Knowledge,
    *,
    now: dt.datetime,
    today: Today = dt.date.today,
) -> tuple[Consultation, Journal]:
    """Go on with a saved case (a saved draft, or a final case to amend).

    The file stays as it is until `save` is called with ``base=loaded.stamp``.

    Args:
        store: The folder of saved cases.
        loaded: The case as opened. One from elsewhere, without an id of ours, gets a new id
            and is then saved as a new case: call `save` with no base for it.
        knowledge: The compiled pack.
        now: The moment, with its time zone.
        today: Tells the day, for dated rules.

    Returns:
        The consultation and its open draft.

    Raises:
        CaseError: There is a draft of this case already: resume it instead. Or the criteria
            at hand do not know all of the case.
        DraftInUseError: It is open in another window.
        OSError: The disk refuses.
    """
    check_known(loaded)
    ours = is_ours(store, loaded)
    case = loaded.case
    if not ours:
        own: dict[str, object] = {"revisions": (), "reviews": (), "signatures": ()}
        # The days first: without its revisions the case tells them no more.
        case = dated(case, today()).replaced(id=new_case_id(now, new_token()), **own)
    base = loaded.stamp if ours else None
    return _open(store.folder, knowledge, dated(case, today()), base, now, today)


def check_known(loaded: Loaded) -> None:
    """Refuse a case of which the criteria at hand do not know all: it can only be looked at.

    Raises:
        CaseError: With everything they do not know.
    """
    if loaded.reading.unknown_here:
        raise CaseError(str(loaded.stamp.path), loaded.reading.unknown_here)


def is_ours(store: CaseStore, loaded: Loaded) -> bool:
    """Tell whether a loaded case stands in the store, so that saving makes a new revision."""
    try:
        return store.path_of(loaded.case.id).absolute() == loaded.stamp.path
    except CaseError:
        return False


def resume(path: Path, knowledge: Knowledge, *, today: Today = dt.date.today) -> Resumed:
    """Open a draft that was left, by a window that was closed or killed.

    Args:
        path: The draft, as `ketatui.cases.drafts.list_drafts` names it.
        knowledge: The compiled pack.
        today: Tells the day, for dated rules.

    Returns:
        The consultation as it was, its open draft, and what there is to say about it.

    Raises:
        CaseError: It cannot be read, or does not fit these criteria; it is left as it is.
        DraftInUseError: It is open in another window.
        OSError: The disk refuses.
    """
    journal, content = Journal.resume(path)
    try:
        assert content.header is not None  # Journal.resume raises without one
        keep = journal.append
        case = _begun(content.header)
        consultation = Consultation(knowledge, case, today=today, keep=keep)
        for _ in _replayed(consultation, content, path):
            pass
        # What is resumed has to be a case that could be saved, whoever wrote the file.
        write_checked(consultation.case, knowledge.pack, str(path))
    except BaseException:
        journal.close()
        raise
    header = content.header
    notices = _notices(content, knowledge)
    return Resumed(consultation, journal, header.base, header.started, notices)


def states_of(path: Path, knowledge: Knowledge) -> tuple[Case, ...]:
    """Read what a draft holds, without opening it: everything it ever was is in its file.

    Args:
        path: The draft.
        knowledge: The compiled pack.

    Returns:
        The case as it was begun, after each change, and last as it would be resumed.

    Raises:
        CaseError: It cannot be read, or does not fit these criteria.
    """
    content = read_journal(path)
    if content.header is None:
        raise CaseError(str(path), [Problem(None, "", content.problem or "unreadable")])
    case = _begun(content.header)
    consultation = Consultation(knowledge, case, today=dt.date.today)
    return (case, *_replayed(consultation, content, path))


def save(
    consultation: Consultation,
    store: CaseStore,
    journal: Journal,
    *,
    by: str,
    why: str,
    now: dt.datetime,
    base: Stamp | None = None,
) -> Loaded:
    """Save the case as it stands, with its assessment, and end its draft.

    What the state becomes is in `ketatui.cases.states`: without a decision a draft; with one
    final, or amended if it was final before. After a failure the draft is still open and nothing
    is lost.

    Args:
        consultation: What is saved.
        store: Where.
        journal: Its draft; closed and removed once the case is safe on disk.
        by: Who saves.
        why: For what reason.
        now: The moment, with its time zone.
        base: The file the case came from, from `Resumed.base` or `Loaded.stamp`; None if new.

    Returns:
        The case as written and the stamp of its file.

    Raises:
        ChangedOnDisk: The file is not what it was; ask, then perhaps `save_copy`.
        CaseError: The case could not be read back, or the folder cannot be used.
        OSError: The disk refuses.
    """
    loaded = store.save(completed(consultation), base=base, by=by, why=why, now=now)
    end_draft(journal)
    return loaded


def save_copy(
    consultation: Consultation,
    store: CaseStore,
    journal: Journal,
    *,
    by: str,
    why: str,
    now: dt.datetime,
) -> Loaded:
    """Save beside the file that changed meanwhile, under a new id, and end the draft.

    Args:
        consultation: What is saved.
        store: Where.
        journal: Its draft.
        by: Who saves.
        why: For what reason.
        now: The moment, with its time zone.

    Returns:
        The copy.

    Raises:
        CaseError: The case could not be read back, or the folder cannot be used.
        OSError: The disk refuses.
    """
    loaded = store.save_as_copy(completed(consultation), by=by, why=why, now=now)
    end_draft(journal)
    return loaded


def leave(consultation: Consultation, journal: Journal) -> bool:
    """Leave a consultation without saving.

    Args:
        consultation: What is left.
        journal: Its draft.

    Returns:
        True if the draft is kept for later; False if it was removed, because nothing was
        entered, or nothing was changed in a case that came from a file.
    """
    case = consultation.case
    unchanged = not consultation.edits and not is_empty(case.replaced(label=""))
    if unchanged or is_empty(case):
        end_draft(journal)
        return False
    journal.close()
    return True


def _open(
    folder: Path,
    knowledge: Knowledge,
    case: Case,
    base: Stamp | None,
    now: dt.datetime,
    today: Today,
) -> tuple[Consultation, Journal]:
    journal = Journal.create(folder, case, pack=pack_name(knowledge), base=base, now=now)
    return Consultation(knowledge, case, today=today, keep=journal.append), journal


def _begun(header: Header) -> Case:
    """Return the case a draft was begun with; without days of answers, as old as that."""
    return dated(header.snapshot, _day_begun(header))


def _day_begun(header: Header) -> dt.date:
    return header.started.astimezone().date()


def _replayed(consultation: Consultation, content: JournalContent, path: Path) -> Iterator[Case]:
    """Make the changes of a draft once more; yields the case after each."""
    assert content.header is not None
    begun = _day_begun(content.header)
    for number, event in enumerate(content.events, start=1):
        try:
            consultation.replay(event, begun)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
            why = f"change {number} does not fit these criteria ({_short(error)})"
            made = f"the draft was made under {content.header.pack}"
            raise CaseError(str(path), [Problem(None, "", f"{why}; {made}")]) from error
        yield consultation.case


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _notices(content: JournalContent, knowledge: Knowledge) -> tuple[str, ...]:
    found = []
    if content.torn:
        found.append("The last change was cut off while it was written; check the last answer.")
    if content.problem is not None:
        found.append(f"The draft was damaged: {content.problem}. The file was kept aside.")
    if content.header is not None and content.header.pack != pack_name(knowledge):
        info = knowledge.pack.info
        found.append(f"The criteria have changed since; they are now {info.id} {info.version}.")
    return tuple(found)


def end_draft(journal: Journal) -> None:
    """Remove a draft whose case is safe on disk, or that nothing was entered in."""
    # The case is safe on disk: a draft that cannot be removed must not look like a failed save.
    with suppress(OSError):
        journal.discard()
    journal.close()
