"""The part of the catalogue that is about files."""

from tests.proofs.mutants.mutant import Change, Mutant

BUCKETS, WRONG = "tests/media/test_bucket.py", "tests/media/test_bucket_not_believed.py"
SWEEPS, MOVES = "tests/media/test_sweeping.py", "tests/media/test_moving.py"
OBJECTS, SWEEPING = "media/bucket_objects.py", "media/sweeping.py"
LOOKED_AT = "found is None or found.modified_at >= before or needed([name])"

OF_FILES = (
    Mutant(
        name="file-once",
        off="a bucket is not asked to refuse a name that is taken",
        changes=(Change(OBJECTS, '{} if anew else {"IfNoneMatch": "*"}', "{}"),),
        tests=(f"{BUCKETS}::test_a_file_is_written_once",),
    ),
    Mutant(
        name="file-hash",
        off="what was read is not compared with the hash in its row",
        changes=(Change("media/reading.py", "hexdigest() == wanted.sha256", "hexdigest()"),),
        tests=(f"{BUCKETS}::test_what_was_changed_in_the_bucket_is_not_taken_for_the_receipt",),
    ),
    Mutant(
        name="file-believed",
        off="whatever a bucket answers is a bucket's answer",
        changes=(Change(OBJECTS, "    if needed - answer.keys():\n", "    if not needed:\n"),),
        tests=(f"{WRONG}::test_a_page_of_somebody_in_between_does_not_say_that_a_file_is_lost",),
    ),
    Mutant(
        name="file-kept",
        off="nobody looks at what a bucket has kept",
        changes=(Change(OBJECTS, "    if written:\n", "    if not written:\n"),),
        tests=(f"{WRONG}::test_a_bucket_that_takes_a_file_and_keeps_another_is_not_believed",),
    ),
    Mutant(
        name="file-read-back",
        off="a file counts as moved although nobody read it back",
        changes=(
            Change("media/moving.py", "return digest(stream) == (row", "return (0, 0) != (row"),
        ),
        tests=(f"{MOVES}::test_a_damaged_file_is_named_and_stays_where_it_is",),
    ),
    Mutant(
        name="file-every-place",
        off="a file is looked for where its row says, and nowhere else",
        changes=(
            Change(
                "media/places.py",
                "in [*order, *order[:1]] if len(known) > 1 else order",
                "in order[:1]",
            ),
        ),
        tests=(f"{MOVES}::test_a_file_that_moves_while_it_is_looked_for_is_found",),
    ),
    Mutant(
        name="file-age",
        off="the sweep takes files whose row is yet to come",
        changes=(Change(SWEEPING, "KEPT = timedelta(days=1)", "KEPT = timedelta(0)"),),
        tests=(f"{SWEEPS}::test_a_file_without_a_row_is_deleted_after_a_day",),
    ),
    Mutant(
        name="file-looked-at",
        off="the sweep deletes what it saw minutes ago, whatever came since",
        changes=(Change(SWEEPING, LOOKED_AT, "found is None"),),
        tests=(
            f"{SWEEPS}::test_what_is_written_anew_while_the_sweep_goes_on_is_not_deleted",
            f"{SWEEPS}::test_a_row_that_comes_while_the_sweep_goes_on_keeps_its_file",
        ),
    ),
    Mutant(
        name="file-doubt",
        off="the sweep empties another shop's bucket",
        changes=(Change(SWEEPING, "    if len(found) > wanted + ROOM:\n", "    if not found:\n"),),
        tests=(f"{SWEEPS}::test_a_storage_full_of_what_nobody_knows_is_left_to_a_person",),
    ),
)
