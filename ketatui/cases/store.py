"""The folder of saved cases: opening, saving, verifying."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ketatui.cases.atomic import sweep, write_atomically
from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.encryption.sealing import Seal, is_locked, read_sealed, seal_of
from ketatui.cases.errors import CaseError, ChangedOnDisk, Problem
from ketatui.cases.folders import prepare_folder
from ketatui.cases.forks import forks_of
from ketatui.cases.identifiers import AGE, file_name, is_case_id, new_case_id, new_token
from ketatui.cases.integrity import CaseReading, Integrity, reading_of
from ketatui.cases.model import Case, Record, Revision
from ketatui.cases.reading import NO_CASE, AsSaved, is_no_case, read_as_saved
from ketatui.cases.revisions import broken_links, drafted, with_revision
from ketatui.cases.signatures import amended_since, continues, unsealed, unsound
from ketatui.cases.states import saved_state
from ketatui.cases.toml_text import LARGEST_FILE, decode
from ketatui.cases.writing import write_checked
from ketatui.printable import printable
from ketatui.structs import Frozen

Problems = list[Problem]

LOCK = ".ketatui.lock"
_PATIENCE = 10.0
"""Seconds to wait for another window that is saving; a save takes milliseconds."""


class Stamp(Frozen, frozen=True):
    """Which file a case came from, and what it held then.

    Attributes:
        path: The file.
        sha256: Of what it held, before any encryption: a folder that is encrypted while a draft
            waits changes no case.
    """

    path: Path
    sha256: str


class Loaded(Frozen, frozen=True):
    """A case as read, and the file it stands in."""

    reading: CaseReading
    stamp: Stamp

    @property
    def case(self) -> Case:
        """The content."""
        return self.reading.case

    @property
    def integrity(self) -> Integrity:
        """What is known of the content beside it."""
        return self.reading.integrity


class CaseStore:
    """Saved cases in a folder."""

    def __init__(self, folder: Path, catalog: QuestionCatalog) -> None:
        """Begin; nothing is read or written yet.

        Args:
            folder: Where the cases are; it need not exist.
            catalog: The questions that exist.
        """
        self.folder = folder
        self.catalog = catalog

    def load(self, id_or_path: str | Path) -> Loaded:
        """Open a case.

        Args:
            id_or_path: The id of a case in the folder, or the path of any file.

        Returns:
            The case and what its file holds.

        Raises:
            CaseError: With every reason why the file cannot be used.
        """
        path = id_or_path if isinstance(id_or_path, Path) else self.path_of(id_or_path)
        # A draft remembers the path, and may be resumed from another folder.
        path = path.absolute()
        data = read_sealed(path, LARGEST_FILE)
        found = read_as_saved(decode(data, str(path)), path=str(path), pack=self.catalog)
        if is_no_case(found.case):
            raise CaseError(str(path), [Problem(None, "", NO_CASE)])
        return self._loaded(found, path, data)

    def _loaded(self, found: AsSaved, path: Path, data: bytes) -> Loaded:
        reading = reading_of(found, self.catalog, forks=forks_of(path, found.case.id))
        return Loaded(reading, Stamp(path, _sha256(data)))

    def path_of(self, case_id: str) -> Path:
        """Return the file that a case of this folder is kept in.

        Args:
            case_id: The case's id.

        Returns:
            Its path, whether or not the file exists; encrypted or not, whichever there is.

        Raises:
            CaseError: If it is no id of ours; ids are never trusted as paths.
        """
        if not is_case_id(case_id):
            message = "is not the id of a saved case; allowed: one like 20261121-210143-k3f9"
            raise CaseError(case_id, [Problem(None, "", message)])
        plain = self.folder / file_name(case_id)
        sealed = plain.with_name(plain.name + AGE)
        wanted, other = (sealed, plain) if is_locked(self.folder) else (plain, sealed)
        return other if other.exists() and not wanted.exists() else wanted

    def save(
        self, case: Case, *, base: Stamp | None, by: str, why: str, now: dt.datetime
    ) -> Loaded:
        """Save a case as a new revision.

        Reviews and signatures that others added meanwhile do not stand in the way.

        Args:
            case: The case; its revisions, reviews and signatures are taken from the file that
                ``base`` names.
            base: What was loaded or saved last; None for a case that has no file yet.
            by: Who saves.
            why: For what reason.
            now: The moment, with its time zone.

        Returns:
            The case as written, and the stamp for the next save.

        Raises:
            ChangedOnDisk: If the file is not what ``base`` says, or exists without a base.
            CaseError: If the case could not be read back, or its id is no file name.
            OSError: If the disk refuses; the file is then as it was.
        """
        return self._save(case, base, drafted(now, by, why))

    def revise(
        self, seen: Loaded, change: Callable[[Case], Case], *, by: str, why: str, now: dt.datetime
    ) -> Loaded:
        """Add what leaves a case's content alone: reviews, signatures, the state they lead to.

        What others added of that kind meanwhile is kept, and the change is made on top of it.

        Args:
            seen: The case as it was looked at.
            change: Makes the new case of the one on disk; the content is not its business.
            by: Who adds it.
            why: What for.
            now: The moment, with its time zone.

        Returns:
            The case as written, and the stamp for the next save.

        Raises:
            ChangedOnDisk: If the content changed since it was looked at.
            CaseError: If the case does not verify, or ``change`` refuses it.
            OSError: If the disk refuses; the file is then as it was.
        """
        with _writing(seen.stamp.path) as (target, seal):
            prior = self._on_disk(target, seen.stamp.sha256)[0]
            problems = unsealed(prior, self.catalog)
            if problems:
                raise CaseError(str(target), problems)
            _check_only_reviewed(target, seen.case.revisions, prior)
            revised = with_revision(change(prior), prior, drafted(now, by, why), self.catalog)
            self._write(revised, target, seal, as_saved=True)
            # Under other criteria than those it was saved under there is more to say of it.
            return self.load(target)

    def save_as_copy(self, case: Case, *, by: str, why: str, now: dt.datetime) -> Loaded:
        """Save a case beside the one it comes from, under a new id and with a new history.

        Args:
            case: The case.
            by: Who saves.
            why: For what reason.
            now: The moment, with its time zone.

        Returns:
            The copy; its first revision names the case it was copied from. Reviews and
            signatures stay with that one.

        Raises:
            CaseError: If the case could not be read back.
            OSError: If the disk refuses.
        """
        none: dict[str, object] = {"revisions": (), "reviews": (), "signatures": ()}
        copy = case.replaced(id=new_case_id(now, new_token()), **none)
        whence = {"copied_from": case.id}
        revision = Revision(number=0, at=now, by=by, why=why, extra=whence)
        return self._save(copy, None, revision)

    def verify(self, path: Path) -> Problems:
        """Check that a file is what was last saved, and that its history is whole.

        Args:
            path: The file.

        Returns:
            What does not hold; empty for a sound file.
        """
        try:
            case = self.load(path).case
        except CaseError as error:
            return [*error.problems]
        return unsound(case, self.catalog)

    def _save(self, case: Case, base: Stamp | None, revision: Revision) -> Loaded:
        path = base.path if base else self.path_of(case.id)
        if case.practice:
            # Neither a run nor a copy of one may ever pass for a patient, be signed or reviewed.
            message = "this is practice, not a patient; it is not kept among clinical cases"
            raise CaseError(str(path), [Problem(None, "practice", message)])
        if path.parent.absolute() != self.folder.absolute():
            message = "this case is kept in another folder; nothing of it is saved outside of that"
            raise CaseError(str(path), [Problem(None, "", message)])
        # Before a folder is made in the place of an encrypted one that is away.
        seal_of(self.folder)
        prepare_folder(self.folder)
        with _writing(path) as (target, seal):
            sweep(target)
            written = self._written_already(case, target, revision)
            if written is not None:
                return written
            prior = None
            if base is not None:
                prior, unchanged = self._on_disk(target, base.sha256)
                outside = bool(prior.revisions and broken_links(prior, self.catalog))
                revision = revision.replaced(outside=outside)
                if not unchanged:
                    _check_only_reviewed(target, case.revisions, prior)
                case = _with_reviews_of(prior, case, state=not unchanged)
            elif target.exists() or target.is_symlink():
                raise ChangedOnDisk(target)
            sealed = with_revision(case, prior, revision, self.catalog, taken=True)
            return self._write(sealed, target, seal)

    def _write(self, sealed: Case, target: Path, seal: Seal, *, as_saved: bool = False) -> Loaded:
        data = write_checked(sealed, self.catalog, str(target), as_saved=as_saved)
        seal.check_no_plainer(target)
        write_atomically(target, seal.data(data))
        return self._loaded(AsSaved(sealed), target, data)

    def _written_already(self, case: Case, target: Path, revision: Revision) -> Loaded | None:
        """Return the file, if it is this very save.

        So it is after a save that was cut off once the file was in its place: the draft is
        still there then, and there is nothing to ask about.
        """
        try:
            found = self.load(target)
        except CaseError:
            return None
        history = found.case.revisions
        if not history or history[:-1] != case.revisions:
            return None
        if (history[-1].by, history[-1].why) != (revision.by, revision.why):
            return None
        sound = not broken_links(found.case, self.catalog)
        return found if sound and _bare(found.case) == _bare(case) else None

    def _on_disk(self, path: Path, sha256: str) -> tuple[Case, bool]:
        """Return the case on disk, and whether it is still the one that was opened."""
        if not path.exists():
            raise ChangedOnDisk(path, missing=True)
        data = read_sealed(path, LARGEST_FILE)
        unchanged = _sha256(data) == sha256
        try:
            case = read_as_saved(decode(data, str(path)), path=str(path), pack=self.catalog).case
            # What was not written by the program alone is somebody's, down to a remark in it.
            theirs = not unchanged and (
                unsealed(case, self.catalog)
                or write_checked(case, self.catalog, "", as_saved=True) != data
            )
        except CaseError:
            if unchanged:
                raise
            theirs = True
        if theirs:
            raise ChangedOnDisk(path)
        return case, unchanged


def _check_only_reviewed(path: Path, known: tuple[Revision, ...], case: Case) -> None:
    """Refuse to go on if more than reviews came since somebody looked at a case."""
    if not continues(known, case):
        raise ChangedOnDisk(path)
    last = amended_since(known, case)
    if last is not None:
        by = f" by {printable(last.by)}" if last.by else ""
        moment = f"{last.at.astimezone():%Y-%m-%d %H:%M}"
        raise ChangedOnDisk(path, how=f"was amended{by}, {moment} (revision {last.number}),")


def _with_reviews_of(prior: Case, case: Case, *, state: bool) -> Case:
    """Put the reviews on disk into a case; with ``state``, also the state they have led to."""
    update: dict[str, object] = {"reviews": prior.reviews, "signatures": prior.signatures}
    if state:
        decided = case.decision.pathway is not None
        update["state"] = saved_state(prior.state, decided=decided)
    return case.replaced(**update)


@contextmanager
def saving(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, so that nobody writes between the check and the rename.

    Args:
        folder: The folder of cases; it exists.

    Yields:
        Nothing.

    Raises:
        CaseError: If the folder is away, or another window holds it for longer than a save takes.
    """
    # The lock would make it, and for everybody to look into.
    if not folder.is_dir():
        raise CaseError(str(folder), [Problem(None, "", "this folder is not there")])
    # Imported only to save: whoever only reads a case starts without it.
    from ketatui.cases.locks import Lock, Timeout

    lock = Lock(folder / LOCK, _PATIENCE)
    try:
        lock.acquire()
    except Timeout:
        message = f"another window is saving; nothing written, try again{lock.waits_for()}"
        raise CaseError(str(folder), [Problem(None, "", message)]) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _writing(path: Path) -> Iterator[tuple[Path, Seal]]:
    """Hold the lock of a case's folder; say which file it is kept in there, and how."""
    with saving(path.parent):
        seal = seal_of(path.parent)
        seal.check_settled()
        seal.check_keys()
        # What came from a draft may have another name since the folder was encrypted.
        yield seal.path(path), seal


def _bare(case: Case) -> Case:
    """Return a case without what a save adds to it."""
    return case.replaced(record=Record(), revisions=())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
