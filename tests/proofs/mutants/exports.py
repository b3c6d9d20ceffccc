"""The part of the catalogue that is about exports."""

from tests.proofs.mutants.mutant import Change, Mutant

ROWS, WRITING, ASKING = (
    "reports/exports/rows.py",
    "reports/exports/writing.py",
    "reports/exports/asking.py",
)
CHOOSING, XLSX = "reports/exports/choosing.py", "reports/exports/xlsx_file.py"
TESTS, FAILURES = "tests/reports/exports", "tests/proofs/failures"
NO_ROOM = "test_a_worker_without_room_for_the_whole"
PART_AND_CHECKPOINT = """            with transaction.atomic():
                part.save()
                step.checkpoint(at, done=at["rows"])
"""
CHECKPOINT_FIRST = """            step.checkpoint(at, done=at["rows"])
            part.save()
"""

OF_EXPORTS = (
    Mutant(
        name="part-with-row",
        off="a checkpoint commits before the row of the part that is behind it",
        changes=(Change(ROWS, PART_AND_CHECKPOINT, CHECKPOINT_FIRST),),
        tests=(
            f"{FAILURES}/test_exports.py::test_killed_each_time_it_comes_to[step_checkpoint-csv]",
        ),
    ),
    Mutant(
        name="part-on-the-disk",
        off="the row of a part is written before its file would survive a power cut",
        changes=(Change("media/storage.py", "            os.fsync(file", "            str(file"),),
        tests=(
            f"{TESTS}/test_parts.py::test_a_row_is_written_when_its_file_and_the_folder_of_its_name_are_synced",
        ),
    ),
    Mutant(
        name="no-later-rows",
        off="rows that come after an export was asked for are in it",
        changes=(
            Change(CHOOSING, "dataset.rows().filter(pk__lte=export.last_id)", "dataset.rows()"),
        ),
        tests=(f"{TESTS}/test_csv.py::test_what_comes_after_it_was_asked_for_is_not_in_it",),
    ),
    Mutant(
        name="whole-by-key",
        off="the whole file has another name with each attempt",
        changes=(
            Change(
                WRITING,
                "target, key=export.key, folder",
                "target, key=f'export:{Path(folder).name[7:]}', folder",
            ),
        ),
        tests=(
            f"{TESTS}/test_once.py::test_a_whole_that_was_stored_and_not_recorded_is_stored_once",
        ),
    ),
    Mutant(
        name="asked-once",
        off="who asks twice at the same moment gets two exports",
        changes=(
            Change(ASKING, "        cursor.execute(ONE_AT_A_TIME, [fingerprint])", "        pass"),
        ),
        tests=(f"{TESTS}/test_once.py::test_who_asks_several_times_at_once_has_asked_once",),
    ),
    Mutant(
        name="no-panic",
        off="a workbook for which there is no room ends the worker's child",
        changes=(Change(XLSX, "with _known_errors(), _temp", "with _temp"),),
        tests=(f"{FAILURES}/test_exports_without_room.py::{NO_ROOM}[xlsx]",),
    ),
    Mutant(
        name="no-bar-back",
        off="the bar of a step that begins anew begins anew",
        changes=(
            Change("deferral/long_jobs/steps.py", "done=max(done, self._now.done)", "done=done"),
        ),
        tests=("tests/deferral/test_long_jobs.py::test_no_bar_goes_back_when_a_step_begins_anew",),
    ),
)
