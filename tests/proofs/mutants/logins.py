"""The part of the catalogue that is about logging in by a mail, and finding an order by one."""

from tests.proofs.mutants.mutant import Change, Mutant

ASKING, REDEEMING = "accounts/login_links/asking.py", "accounts/login_links/redeeming.py"
FOUND, OPENING = "shop/views/finding.py", "shop/order_links/opening.py"
FINDING = "tests/shop/test_finding_an_order.py"
PAGES, LOGINS = "shop/views/login.py", "tests/accounts/test_login.py"

OF_LOGINS = (
    Mutant(
        name="link-here-only",
        off="a link lets in whichever browser opens it",
        changes=(
            Change(REDEEMING, "        browser__in=[*map(digest_of_browser, browsers)],\n", ""),
        ),
        tests=(f"{LOGINS}::test_a_scanner_that_follows_runs_and_presses_uses_nothing_up",),
    ),
    Mutant(
        name="link-once",
        off="a link that was used lets in again",
        changes=(
            Change(REDEEMING, "        used_at=None,\n", ""),
            Change(REDEEMING, '.update(secret="", code="")\n    if is_new', "\n    if is_new"),
        ),
        tests=(f"{LOGINS}::test_of_two_uses_at_once_one_wins",),
    ),
    Mutant(
        name="link-on-get",
        off="following a link is enough",
        changes=(
            Change(PAGES, 'if request.method == "POST":\n        try', "if True:\n        try"),
        ),
        tests=(f"{LOGINS}::test_one_click_in_the_browser_that_asked",),
    ),
    Mutant(
        name="code-tries",
        off="a code may be tried without end",
        changes=(Change(REDEEMING, " AND tries < %(most)s\n", " AND %(most)s > 0\n"),),
        tests=(f"{LOGINS}::test_five_codes_may_be_tried_and_no_sixth",),
    ),
    Mutant(
        name="newest-mail",
        off="an older mail works beside the newest",
        changes=(
            Change(
                ASKING,
                'LoginLink.objects.armed(link.address).update(secret="", code="")',
                "pass",
            ),
        ),
        tests=(f"{LOGINS}::test_a_newer_mail_ends_the_older_one",),
    ),
    Mutant(
        name="same-for-all",
        off="who asks too often writes no row",
        changes=(
            Change(
                PAGES,
                "    ask(address=address, browser=browser,"
                " limited=too_often(request, address, what=COUNTED))\n",
                "    if not too_often(request, address, what=COUNTED):\n"
                "        ask(address=address, browser=browser, limited=False)\n",
            ),
        ),
        tests=(f"{LOGINS}::test_who_asks_too_often_gets_the_same_answer_and_no_mail",),
    ),
    Mutant(
        name="staff-by-password",
        off="staff are let in by a link",
        changes=(Change(REDEEMING, "user.is_staff or not", "not"),),
        tests=(f"{LOGINS}::test_who_became_staff_meanwhile_is_not_let_in",),
    ),
    Mutant(
        name="secrets-not-kept",
        off="what lets in is kept with the mails that were sent",
        changes=(Change("notifications/delivery.py", "text.replace(secret, HIDDEN)", "text"),),
        tests=(f"{LOGINS}::test_the_secrets_stand_nowhere_but_in_the_mail",),
    ),
    Mutant(
        name="order-of-its-address",
        off="a number alone shows an order",
        changes=(
            Change(
                "shop/order_links/meaning.py",
                "order if order and login_name_in(order.email) == link.address else None",
                "order",
            ),
        ),
        tests=(f"{FINDING}::test_an_order_that_was_readdressed_meanwhile_is_shown_to_nobody",),
    ),
    Mutant(
        name="order-on-get",
        off="following the link is enough",
        changes=(Change(FOUND, ' and request.method == "POST"', ""),),
        tests=(f"{FINDING}::test_following_the_link_shows_and_changes_nothing",),
    ),
    Mutant(
        name="order-for-an-hour",
        off="a link shows its order for ever",
        changes=(Change(OPENING, ", expires_at__gt=Now()", ""),),
        tests=(f"{FINDING}::test_after_an_hour_the_link_is_over",),
    ),
    Mutant(
        name="order-same-for-all",
        off="who asks for an order too often writes no row",
        changes=(
            Change(
                FOUND,
                "    ask(number=form",
                "    if not limited:\n        ask(number=form",
            ),
        ),
        tests=(f"{FINDING}::test_who_asks_too_often_gets_the_same_answer_and_no_mail",),
    ),
)
