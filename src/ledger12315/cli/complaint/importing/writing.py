"""A register compared with the ledger and written, while others write to it too."""

from collections.abc import Iterator
from functools import partial

from ledger12315.cli.complaint.importing.registers import NAMED, ReadRegister
from ledger12315.cli.face.desk import Desk, tell
from ledger12315.cli.face.progress import steps
from ledger12315.errors import Message, Refused, message
from ledger12315.ledger import words
from ledger12315.ledger.importing import intake, taking_in
from ledger12315.ledger.store import history
from ledger12315.locale import _


def write_register(desk: Desk, read: ReadRegister, dry_run: bool) -> intake.Intake:
    """Write a register without problems, and return its changes, also of a dry run.

    It is compared with the ledger while others may write; if they change one of its complaints, it
    is compared again.
    """
    agreed = 0
    while True:
        with desk.read() as ledger, steps(message("Comparing"), len(read.entries)) as step:
            made = intake.compare_entries(
                ledger, read.entries, read.point, step, commit_batches=True
            )
        tell(*_note_on_alike_rows(made.alike))
        doubts, idle = (
            _rows_of_other_points(made.elsewhere),
            dry_run or _nothing_to_write(read, made),
        )
        if desk.asks and not idle and len(made.elsewhere) > agreed:
            desk.demand(*doubts, question=_("Import them anyway? [y/N]"))
            agreed = len(made.elsewhere)
        else:
            tell(*doubts)
        if idle or _write_rows(desk, read, made):
            return made


def _write_rows(desk: Desk, read: ReadRegister, made: intake.Intake) -> bool:
    """Write the compared rows, a long register in several acts; return whether they were.

    They are not if others changed one of the complaints. Raises Refused if they did so between two
    of the acts.
    """
    done, count = 0, len(made.new) + len(made.filled)
    try:
        for new, filled in made.parts():
            lay_out = partial(taking_in.lay_out_new, entries=read.entries, new=new)
            with desk.write(prepare=lay_out) as ledger:
                if done and made.replaced(ledger):
                    done = 0  # the backup may have any part of the register
                    raise Refused(
                        "A backup was restored during the import, so the ledger has only the "
                        "rows of that backup. Run the same command again to import the rest."
                    )
                if made.outdated(ledger):
                    break
                with steps(message("Writing"), count, done) as step:
                    taking_in.take_in(ledger, new, filled, step)
                if not done:
                    words.remember_words(ledger, read.point, read.news)
                made.head = history.seal(ledger)
                made.acts.append(history.last_act(ledger))
            done += len(new) + len(filled)
        else:
            return True
    finally:
        if 0 < done < count:
            said = message(
                "{done} of {count} rows are imported. Run the same command again to import the "
                "rest.",
                done=done,
                count=count,
            )
            tell(said)
    if done:
        raise Refused("Others changed some of these complaints; import again.")
    return False


def _nothing_to_write(read: ReadRegister, made: intake.Intake) -> bool:
    wrong = read.register.problems or made.problems
    return bool(wrong or not (made.new or made.filled or any(read.news)))


def _note_on_alike_rows(alike: list[tuple[int, object]]) -> Iterator[Message]:
    """Yield a note on rows that may repeat a known matter, with the first few rows."""
    if alike:
        yield message(
            "Rows that may repeat another (same point, same phone or same name and item, "
            "within 30 days): {count}, such as {rows}.",
            count=len(alike),
            rows=_first_named(alike),
        )


def _rows_of_other_points(rows: list[tuple[int, object]]) -> Iterator[Message]:
    """Yield a note on rows that another point already has, with the first few rows."""
    if rows:
        yield message(
            "Another point already has rows with the same register number, name and phone: "
            "{count}, such as {rows}. Is this the right point?",
            count=len(rows),
            rows=_first_named(rows),
        )


def _first_named(rows: list[tuple[int, object]]) -> list[Message]:
    return [message("row {row}: {other}", row=row, other=other) for row, other in rows[:NAMED]]
