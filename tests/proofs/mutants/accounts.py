"""The part of the catalogue that is about deleting accounts, and copies of a customer's data."""

from tests.proofs.mutants.mutant import Change, Mutant

DELETIONS, COPIES = "tests/accounts/test_deletion.py", "tests/reports/test_my_data.py"
CLOSING, CARRYING = "accounts/deletion/closing.py", "accounts/deletion/carrying_out.py"

OF_ACCOUNTS = (
    Mutant(
        name="deletion-waits",
        off="an order under way loses its name",
        changes=(Change(CLOSING, "    if not deletion.waits_for:\n", "    if True:\n"),),
        tests=(f"{DELETIONS}::test_it_waits_for_an_order_under_way_and_says_so",),
    ),
    Mutant(
        name="deletion-days",
        off="it is begun at once",
        changes=(Change(CARRYING, " and wait <= timedelta()", ""),),
        tests=(f"{DELETIONS}::test_it_is_not_begun_before_its_days_are_over",),
    ),
    Mutant(
        name="deletion-closes",
        off="whoever logs in while it runs is let in",
        changes=(Change(CLOSING, ".update(is_active=False)", ".exists()"),),
        tests=(f"{DELETIONS}::test_once_it_has_begun_nobody_takes_it_back_and_nobody_logs_in",),
    ),
    Mutant(
        name="deletion-until",
        off="what is ordered meanwhile loses its name",
        changes=(Change("orders/personal.py", ", created_at__lte=person.until)", ")"),),
        tests=(f"{DELETIONS}::test_what_is_ordered_while_it_is_carried_out_is_a_guests",),
    ),
    Mutant(
        name="deletion-goes-on",
        off="a part is taken away once, however much there is of it",
        changes=(Change(CARRYING, "    while count := part.erase(person):", "    if count := 0:"),),
        tests=(f"{DELETIONS}::test_nothing_of_a_person_is_left_in_any_table",),
    ),
    Mutant(
        name="deletion-notes",
        off="what staff noted of an address stays",
        changes=(Change("orders/personal.py", "        _forget_address(order, person)\n", ""),),
        tests=(f"{DELETIONS}::test_nothing_of_a_person_is_left_in_any_table",),
    ),
    Mutant(
        name="deletion-sessions",
        off="who was logged in still is",
        changes=(
            Change(
                "accounts/deletion/asking.py",
                "    end_sessions(user_id=user.pk, by=deletion.subject,"
                ' reason="asked to be deleted")\n',
                "",
            ),
        ),
        tests=(f"{DELETIONS}::test_asking_ends_sessions_and_login_mails_at_once",),
    ),
    Mutant(
        name="copy-fresh",
        off="whoever finds a browser open fetches the copy",
        changes=(
            Change(
                "reports/my_data_views.py",
                "@from_storage\n@freshly_logged_in\n",
                "@from_storage\n@own_account\n",
            ),
        ),
        tests=(f"{COPIES}::test_nobody_else_gets_it",),
    ),
    Mutant(
        name="copy-week",
        off="a copy stays for ever",
        changes=(Change("reports/my_data/keeping.py", " or until(export) < timezone.now()", ""),),
        tests=(f"{COPIES}::test_it_is_deleted_after_a_week",),
    ),
)
