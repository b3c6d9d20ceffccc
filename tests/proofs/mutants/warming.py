"""The part of the catalogue that is about pages kept warm."""

from tests.proofs.mutants.mutant import Change, Mutant

READING, ORDERING = "deferral/warm/reading.py", "deferral/warm/rebuilding.py"
ENTRIES, SERVER = "deferral/warm/entries.py", "deferral/warm/server.py"
BUILDING, SEALING = "deferral/warm/building.py", "deferral/warm/sealing.py"
VALUES, AWAY = "tests/deferral/test_warm_values.py", "tests/deferral/test_cache_away.py"
PAGES = "tests/shop/test_warm_pages.py"

OF_WARM_PAGES = (
    Mutant(
        name="one-rebuild",
        off="every reader of a stale value orders a rebuild of its own",
        changes=(
            Change(
                ORDERING,
                'if not entries.take("ordered", warm, of, seconds=seconds):',
                'if entries.take("ordered", warm, of, seconds=seconds) is None:',
            ),
        ),
        tests=(
            f"{VALUES}::test_thirty_readers_of_a_stale_value_are_served_at_once_and_order_one_rebuild",
        ),
    ),
    Mutant(
        name="rebuild-key",
        off="the job's key does not say what it replaces",
        changes=(
            Change(
                ORDERING,
                "{found.built:.3f}:{int(time.time() // AGAIN)}",
                "{time.time()}",
            ),
        ),
        tests=(
            f"{VALUES}::test_where_the_cache_forgets_who_ordered_the_jobs_key_is_the_second_guard",
        ),
    ),
    Mutant(
        name="mark-first",
        off="the mark is read after the database",
        changes=(
            Change(
                BUILDING,
                "    began = time.time()\n    body = _built(warm, of)\n",
                "    began = time.time()\n    body = _built(warm, of)\n"
                "    mark = entries.mark_before(warm, of)\n",
            ),
        ),
        tests=(f"{VALUES}::test_a_build_that_read_before_a_change_and_ends_after_it_is_stale",),
    ),
    Mutant(
        name="mark-forgotten",
        off="a mark that was forgotten is none",
        changes=(Change(ENTRIES, "mark is None or ", "mark is not None and "),),
        tests=(f"{VALUES}::test_nothing_is_fresh_whose_mark_was_forgotten",),
    ),
    Mutant(
        name="one-builder",
        off="every reader of nothing builds",
        changes=(
            Change(
                READING,
                "    return flights.shared(place, partial(_one_of_all, warm, of), alone=alone)\n",
                "    return alone()\n",
            ),
        ),
        tests=(f"{VALUES}::test_thirty_readers_of_nothing_are_one_build",),
    ),
    Mutant(
        name="sealed-values",
        off="what lies in the cache is believed",
        changes=(
            Change(
                SEALING,
                "    if not hmac.compare_digest(signature, _signature(place, packed)):\n"
                "        return None\n",
                "",
            ),
        ),
        tests=(
            f"{AWAY}::test_what_was_not_sealed_for_its_place_is_no_value",
            f"{AWAY}::test_a_value_of_another_place_is_none_here",
        ),
    ),
    Mutant(
        name="cache-breaker",
        off="a cache that hangs is asked by each request",
        changes=(Change(SERVER, "REST = 0.5, 1.0, 5.0", "REST = 0.5, 1.0, 0.0"),),
        tests=(f"{AWAY}::test_one_that_hangs_is_asked_once_and_not_for_each_request",),
    ),
    Mutant(
        name="cache-deadline",
        off="a cache that drips is listened to",
        changes=(Change(SERVER, "with deadline(WHOLE):", "with deadline(86_400):"),),
        tests=(f"{AWAY}::test_one_that_says_a_byte_at_a_time_is_cut_off",),
    ),
    Mutant(
        name="nobodys-token",
        off="what is kept has the token of whoever came first",
        changes=(
            Change(
                "shop/warm/anybody.py",
                "html = html.replace(self.token, get_token(request))",
                "pass",
            ),
        ),
        tests=(
            f"{PAGES}::test_each_visitor_has_the_token_of_their_own_and_the_address_they_are_at",
        ),
    ),
    Mutant(
        name="stock-beside",
        off="cards are shown with the stock that they were made of",
        changes=(
            Change(
                "shop/warm/shelves.py",
                "if cards.get(str(pk), [None])[0] != facts]",
                "if str(pk) not in cards]",
            ),
        ),
        tests=(f"{PAGES}::test_what_is_sold_is_seen_within_five_seconds",),
    ),
)
