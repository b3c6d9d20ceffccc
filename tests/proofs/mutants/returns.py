"""The part of the catalogue that is about returns."""

from tests.proofs.mutants.mutant import Change, Mutant

MOVES, ARRIVING = "orders/return_moves.py", "orders/returns/arriving.py"
ASKING, OFFERING = "orders/returns/asking.py", "orders/returns/offering.py"
REFUNDS, TESTS = "orders/payments/refunds", "tests/orders"
ARRIVED, RACES = f"{TESTS}/test_arrived_returns.py", f"{TESTS}/test_return_races.py"

OF_RETURNS = (
    Mutant(
        name="return-refund-once",
        off="a return that is here may be counted, and paid for, again",
        changes=(
            Change(ARRIVING, "    found.check_move(Return.State.ARRIVED)\n", ""),
            Change(MOVES, "    found.check_move(state)\n", ""),
        ),
        tests=(f"{ARRIVED}::test_pressed_twice_it_is_refunded_once",),
    ),
    Mutant(
        name="return-under-lock",
        off="whoever acts upon a return waits for nobody",
        changes=(Change(MOVES, "Order.objects.select_for_update()", "Order.objects"),),
        tests=(f"{RACES}::test_of_two_who_count_a_parcel_at_once_one_pays_for_it",),
    ),
    Mutant(
        name="return-asked-under-lock",
        off="two forms at once ask without waiting for each other",
        changes=(Change(ASKING, "Order.objects.select_for_update()", "Order.objects"),),
        tests=(f"{RACES}::test_two_forms_at_once_ask_for_no_more_than_was_bought",),
    ),
    Mutant(
        name="return-quantities",
        off="what another return speaks for may be asked for again",
        changes=(Change(OFFERING, " - open_[line.pk]", ""),),
        tests=(
            f"{TESTS}/test_asking_for_returns.py::test_what_is_asked_for_is_not_on_offer_again",
        ),
    ),
    Mutant(
        name="refund-names-return",
        off="a refund does not say which return it is of",
        changes=(Change(f"{REFUNDS}/decisions.py", '{"of_return": found}', "{}"),),
        tests=(f"{ARRIVED}::test_it_is_over_when_the_money_is_back",),
    ),
    Mutant(
        name="line-named-twice",
        off="parts of one line are checked each for itself",
        changes=(
            Change(
                f"{REFUNDS}/choosing.py",
                "quantity = sum(one.quantity for one in some)",
                "quantity = max(one.quantity for one in some)",
            ),
        ),
        tests=(f"{ARRIVED}::test_a_line_named_twice_for_one_refund_counts_together",),
    ),
)
