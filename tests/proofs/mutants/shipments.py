"""The part of the catalogue that is about parcels and what suppliers say of them."""

from tests.proofs.mutants.mutant import Change, Mutant

FOLDING, TESTS = "orders/shipments/folding.py", "tests/orders/shipments"
TAKING_IN, TOLD = f"{TESTS}/test_taking_in.py", "tests/shop/test_told_by_suppliers.py"
MISFITS = f"{TESTS}/test_misfits.py"

OF_SHIPMENTS = (
    Mutant(
        name="rank-decides",
        off="of two notices the one that came last decides",
        changes=(
            Change(
                "orders/shipments/ranks.py",
                "return rank(said.state), said.said_at.timestamp(), said.name",
                "return said.pk or 0, said.said_at.timestamp(), said.name",
            ),
        ),
        tests=(f"{TAKING_IN}::test_every_order_of_notices_has_the_same_end",),
    ),
    Mutant(
        name="supplier-signs",
        off="what nobody has signed is taken in",
        changes=(
            Change(
                "deferral/inbox/standard.py",
                "            raise NoticeForged\n",
                "            return int(headers.get('webhook-timestamp', 0))\n",
            ),
        ),
        tests=(f"{TOLD}::test_one_supplier_cannot_speak_for_another_nor_anybody_for_one",),
    ),
    Mutant(
        name="supplier-speaks-for-itself",
        off="one supplier's secret is good at another's address",
        changes=(
            Change(
                "shop/supplier_notices.py",
                "settings.SUPPLIER_WEBHOOK_SECRETS.get(supplier, ())",
                "sum(settings.SUPPLIER_WEBHOOK_SECRETS.values(), [])",
            ),
        ),
        tests=(f"{TOLD}::test_one_supplier_cannot_speak_for_another_nor_anybody_for_one",),
    ),
    Mutant(
        name="own-part-only",
        off="a supplier may tell of lines that are another's",
        changes=(
            Change(
                "orders/shipments/judging.py",
                'return f"{sku} of this order is not this supplier\'s to send."',
                "continue",
            ),
        ),
        tests=(f"{MISFITS}::test_it_is_kept_with_what_is_wrong_and_changes_nothing",),
    ),
    Mutant(
        name="not-more-than-ordered",
        off="parcels may hold more together than was ordered",
        changes=(Change(FOLDING, "_exceeds(left, holds) or _exceeds(times", "_exceeds(times"),),
        tests=(f"{TAKING_IN}::test_more_than_was_ordered_is_kept_for_staff_and_never_announced",),
    ),
    Mutant(
        name="not-sent-for-ever",
        off="what is lost may be sent again without end",
        changes=(Change(FOLDING, " or _exceeds(times, each.lines)", ""),),
        tests=(
            f"{TAKING_IN}::test_parcels_that_are_sent_again_and_again_are_announced_a_few_times",
        ),
    ),
    Mutant(
        name="paid-back-is-not-sent",
        off="nobody is told of goods that are sent although they were paid back",
        changes=(
            Change("orders/shipments/called_off.py", "if off[sku] and too_many > 0:", "if 0:"),
        ),
        tests=(
            f"{MISFITS}::test_goods_that_are_sent_although_they_were_paid_back_are_told_to_staff",
        ),
    ),
    Mutant(
        name="parcel-announced-once",
        off="each notice of a parcel on its way announces it",
        changes=(
            Change(
                "orders/shipments/refreshing.py",
                "not shipment.excess and shipment.told_at is None",
                "not shipment.excess",
            ),
        ),
        tests=(f"{TAKING_IN}::test_every_order_of_notices_has_the_same_end",),
    ),
    Mutant(
        name="correction-holds",
        off="a late notice overrules what staff have said",
        changes=(
            Change(
                FOLDING, "return is_further and told.said_at > correction.said_at", "return True"
            ),
        ),
        tests=(f"{TESTS}/test_corrections.py::test_a_late_notice_of_before_changes_nothing",),
    ),
    Mutant(
        name="web-addresses-only",
        off="customers are led wherever a supplier says",
        changes=(
            Change("orders/shipments/reading.py", "address and not is_address(address)", "not 1"),
        ),
        tests=(f"{MISFITS}::test_nobody_is_led_to_an_address_that_is_none",),
    ),
    Mutant(
        name="silent-asked",
        off="a supplier that says nothing is asked with every look",
        changes=(
            Change(
                "orders/shipments/expecting.py",
                "if row.ask_at is None or row.ask_at > now:",
                "if row.ask_at is None:",
            ),
            Change("orders/shipments/expecting.py", "ask_at__lte=now", "ask_at__isnull=False"),
        ),
        tests=(
            f"{TESTS}/test_silence.py::test_one_that_has_said_nothing_is_asked_after_the_stated_time",
        ),
    ),
)
