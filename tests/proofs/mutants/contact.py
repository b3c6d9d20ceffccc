"""The part of the catalogue that is about messages, drafts of answers, and SMS."""

from tests.proofs.mutants.mutant import Change, Mutant

FORM, MAILS = "tests/contact/test_form.py", "tests/contact/test_mails.py"
DRAFTS, STAFF = "tests/contact/test_drafts.py", "tests/contact/test_staff.py"
SMS = "tests/notifications/test_sms.py"
MAKING, BUDGET = "contact/drafting/making.py", "contact/drafting/budget.py"

OF_CONTACT = (
    Mutant(
        name="message-once",
        off="a form that is sent twice is two messages",
        changes=(
            Change(
                "contact/taking.py",
                "Message.objects.get_or_create(form_key=form_key, defaults=facts)",
                "Message.objects.create(form_key=uuid.uuid4(), **facts), True",
            ),
        ),
        tests=(f"{FORM}::test_pressed_twice_it_is_one_message",),
    ),
    Mutant(
        name="no-relay",
        off="a mailbox that anybody typed is mailed without end",
        changes=(
            Change(
                "contact/views.py",
                "return not (settings.RATE_LIMITS and is_over)",
                "return not (settings.RATE_LIMITS and is_over and False)",
            ),
        ),
        tests=(f"{FORM}::test_nobody_can_have_a_mailbox_flooded",),
    ),
    Mutant(
        name="call-in-the-books",
        off="a call is written down when it is answered",
        changes=(
            Change(MAKING, "    call = _begin(draft, turns)\n", "    reading_first = complete\n"),
            Change(
                MAKING,
                "    reading = _ask(call, turns, key)\n",
                "    reading = reading_first(turns, key=key)\n    call = _begin(draft, turns)\n",
            ),
        ),
        tests=(f"{DRAFTS}::test_the_call_stands_in_the_books_before_it_is_made",),
    ),
    Mutant(
        name="draft-budget",
        off="drafts cost what they cost",
        changes=(
            Change(
                BUDGET, "    if not _fits(most, spent_today()):\n", "    if not spent_today():\n"
            ),
        ),
        tests=(f"{DRAFTS}::test_a_day_has_a_budget_and_what_does_not_fit_waits",),
    ),
    Mutant(
        name="somebody-elses-order",
        off="whoever types an order's number has its contents told",
        changes=(
            Change(
                "contact/selectors.py",
                "number=message.order_number, email__iexact=message.email",
                "number=message.order_number",
            ),
        ),
        tests=(
            f"{DRAFTS}::test_somebody_elses_order_is_not_told",
            f"{STAFF}::test_the_order_is_there_if_it_is_theirs",
        ),
    ),
    Mutant(
        name="answered-once",
        off="two colleagues answer the same message",
        changes=(
            Change(
                "contact/answering.py",
                "    if message.version != version:\n",
                "    if message.version < 0:\n",
            ),
        ),
        tests=(f"{STAFF}::test_of_two_colleagues_the_second_is_told",),
    ),
    Mutant(
        name="sms-says-so",
        off="an SMS is taken where the status is 200",
        changes=(
            Change(
                "notifications/sms/gateway.py",
                "    if isinstance(status, str) and status in TAKEN:\n",
                "    if answer.status < 300:\n",
            ),
        ),
        tests=(
            f"{SMS}::test_a_success_that_does_not_say_so_is_tried_again",
            f"{SMS}::test_without_credit_one_asks_and_all_others_wait",
        ),
    ),
)
