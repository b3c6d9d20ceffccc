"""The part of the catalogue that is about jobs which add others, and a month of statements."""

from tests.proofs.mutants.mutant import Change, Mutant

PARTS, MAKING = "deferral/ledger/parts.py", "reports/statements/making.py"
ADDED, MONTHS = "tests/deferral/test_fan_out.py", "tests/reports/test_statements.py"
WRITING, ASKING = "reports/statements/writing.py", "reports/statements/asking.py"
FRESH = (
    "    from reports.statements.entries import entries_of\n"
    "    from reports.statements.content import content_of\n"
    "    boxes = [statement.customer]\n"
    "    found = entries_of(boxes, run.since, run.until)\n"
    "    statement.content = content_of(found[statement.customer])\n"
)

OF_FAN_OUT = (
    Mutant(
        name="parts-fence",
        off="a process that was overtaken adds its parts all the same",
        changes=(Change(PARTS, "WHERE {FENCED} FOR", "WHERE id = %(id)s FOR"),),
        tests=(f"{ADDED}::test_whoever_lost_the_fence_adds_nothing",),
    ),
    Mutant(
        name="parts-counted",
        off="a body does not wait for what its part adds",
        changes=(Change(PARTS, "b.open_parts + found.parts", "b.open_parts"),),
        tests=(f"{ADDED}::test_the_body_waits_for_what_a_part_adds",),
    ),
    Mutant(
        name="parts-once",
        off="a part that exists is waited for as if it were new",
        changes=(
            Change(PARTS, "(key) DO NOTHING", "(key) DO UPDATE SET body_id = excluded.body_id"),
        ),
        tests=(f"{ADDED}::test_added_again_nothing_is_added",),
    ),
    Mutant(
        name="no-chord-of-what-grows",
        off="a join that grew goes out whole, as a chord",
        changes=(
            Change(
                "deferral/relay/stamping.py",
                "WHERE p.body_id = b.id AND p.epoch > 0 LIMIT 1",
                "WHERE p.body_id = b.id AND p.epoch < 0 LIMIT 1",
            ),
        ),
        tests=(f"{ADDED}::test_they_go_out_one_by_one_however_few_are_left",),
    ),
    Mutant(
        name="second-tick",
        off="a month that was begun is begun again",
        changes=(Change(ASKING, "if _is_given_up(found) else found", ""),),
        tests=(f"{MONTHS}::test_asked_twice_a_month_is_made_once",),
    ),
    Mutant(
        name="frozen",
        off="a statement is written from the orders as they are by then",
        changes=(
            Change(WRITING, "    run = statement.run\n", f"    run = statement.run\n{FRESH}"),
        ),
        tests=(f"{MONTHS}::test_a_statement_is_that_of_the_beginning_however_late_it_is_written",),
    ),
    Mutant(
        name="half-open",
        off="what is paid at midnight is of both months",
        changes=(Change("reports/statements/entries.py", '__lt": until', '__lte": until'),),
        tests=(f"{MONTHS}::test_what_is_paid_at_a_border_is_in_one_month",),
    ),
    Mutant(
        name="told-when-mended",
        off="nobody says that what was missing is there",
        changes=(
            Change(WRITING, "        tell_if_mended(run)\n", ""),
            Change(MAKING, "        tell_if_mended(run)\n", "        pass\n"),
        ),
        tests=(f"{MONTHS}::test_one_that_fails_harms_no_other_and_is_counted",),
    ),
)
