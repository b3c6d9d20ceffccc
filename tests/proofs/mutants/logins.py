"""The part of the catalogue that is about logging in by a mail."""

from tests.proofs.mutants.mutant import Change, Mutant

ASKING, REDEEMING = "accounts/login_links/asking.py", "accounts/login_links/redeeming.py"
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
                "    ask(address=address, browser=browser, limited=_too_often(request, address))\n",
                "    if not _too_often(request, address):\n"
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
)
