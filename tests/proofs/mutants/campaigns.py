"""The part of the catalogue that is about campaigns."""

from tests.proofs.mutants.mutant import Change, Mutant

ROWS, LEFT = "notifications/campaigns/recipients.py", "notifications/campaigns/leftovers.py"
WHOM, PIECES = "notifications/campaigns/audience.py", "notifications/campaigns/freezing.py"
FROZEN = "tests/notifications/test_campaign_freezing.py"
STOPS, SENT = "tests/notifications/test_campaign_stops.py", "tests/notifications/test_campaigns.py"
KILLED = "tests/proofs/failures/test_campaigns.py"

OF_CAMPAIGNS = (
    Mutant(
        name="campaign-frozen-at-its-start",
        off="whoever confirms while the audience is written down is in it",
        changes=(Change(WHOM, "confirmed_at <= %(since)s", "%(since)s IS NOT NULL"),),
        tests=(
            f"{FROZEN}::test_who_confirms_after_the_start_is_not_in_it_although_a_later_piece_would_hold_them",
        ),
    ),
    Mutant(
        name="campaign-cancelled-while-frozen",
        off="pieces are written on after a cancellation",
        changes=(Change(PIECES, " if campaign.is_open else None", ""),),
        tests=(
            f"{FROZEN}::test_cancelled_meanwhile_no_further_piece_is_written_and_the_rest_is_skipped",
        ),
    ),
    Mutant(
        name="campaign-guard",
        off="a recipient is sent whatever the row says",
        changes=(Change(ROWS, "r.state = 'todo' AND r.due_at", "r.state <> 'sent' AND r.due_at"),),
        tests=(f"{STOPS}::test_an_answer_that_was_lost_is_asked_for_and_the_mail_not_sent_twice",),
    ),
    Mutant(
        name="campaign-asks",
        off="what a killed worker had in hand is sent again, unasked",
        changes=(Change(LEFT, "was_accepted(row.key, given_to=row.given_to)", "not row.key"),),
        tests=(
            f"{STOPS}::test_an_answer_that_was_lost_is_asked_for_and_the_mail_not_sent_twice",
            f"{STOPS}::test_where_nobody_can_be_asked_it_is_in_doubt_until_a_person_decides",
        ),
    ),
    Mutant(
        name="campaign-looks-again",
        off="whoever unsubscribes after the start is sent it all the same",
        changes=(Change(ROWS, "AND s.state = 'confirmed')", "AND true)"),),
        tests=(f"{SENT}::test_who_unsubscribes_while_it_runs_is_not_sent_it",),
    ),
    Mutant(
        name="campaign-pause",
        off="a pause is not looked at before each mail",
        changes=(
            Change(ROWS, "AND c.state = 'running' AND c.run = %(run)s\n    ORDER", "\n    ORDER"),
        ),
        tests=(
            f"{STOPS}::test_paused_nothing_leaves_and_resumed_everybody_gets_theirs",
            f"{KILLED}::test_paused_in_the_middle_of_a_chunk_it_stands_still_and_goes_on_with_the_rest",
        ),
    ),
)
