"""The part of the catalogue that is about films that customers send, and files told apart."""

from tests.proofs.mutants.mutant import Change, Mutant

SENDING, SHOWN = "tests/reviews/test_sending_films.py", "tests/reviews/test_films_shown.py"
PRINTS, DECIDING = "tests/media/uploads/test_fingerprints.py", "reviews/deciding.py"

OF_REVIEWS = (
    Mutant(
        name="moderator-not-enough",
        off="what the moderator finds well is public before staff have seen the review",
        changes=(
            Change(
                "media/films/judging.py",
                "verdict=said if of_nobody(nobody).exists() else Asset.Verdict.REVIEW",
                "verdict=said",
            ),
        ),
        tests=(f"{SHOWN}::test_the_moderators_ok_is_not_enough",),
    ),
    Mutant(
        name="film-waited-for",
        off="a review is shown while its film is judged",
        changes=(Change(DECIDING, " or are_being_made(films)", ""),),
        tests=(f"{SHOWN}::test_it_is_not_shown_while_it_is_judged_or_larger_ones_are_made",),
    ),
    Mutant(
        name="sender-waited-for",
        off="a review is shown while its author sends a film",
        changes=(Change(DECIDING, "if coming(REVIEW_FILM, review.tag):", "if not review.tag:"),),
        tests=(f"{SHOWN}::test_it_is_not_shown_while_a_film_is_on_its_way",),
    ),
    Mutant(
        name="films-of-a-day",
        off="one customer has any number of films made",
        changes=(Change("reviews/films.py", "a_day=10, ", ""),),
        tests=(f"{SENDING}::test_one_customer_begins_ten_in_a_day_whatever_becomes_of_them",),
    ),
    Mutant(
        name="film-by-somebody-else",
        off="whoever knows a review may send its film",
        changes=(
            Change(
                "reviews/films.py",
                "return waiting.exists() and visit_of(request, subject) is not None",
                "return waiting.exists()",
            ),
            Change(
                "reviews/films.py", 'return mine.order.email if mine else ""', 'return "somebody"'
            ),
        ),
        tests=(f"{SENDING}::test_somebody_else_sends_nothing",),
    ),
    Mutant(
        name="film-as-long-as-any",
        off="a customer's film may be as long as one of the staff's",
        changes=(Change("media/films/looking.py", ", longest=asset.longest)", ")"),),
        tests=(f"{SENDING}::test_a_longer_one_is_refused_by_the_first_look",),
    ),
    Mutant(
        name="another-begun",
        off="another file of the same name goes on with the first",
        changes=(
            Change(
                "media/uploads/beginning.py", "        raise AnotherWasBegun\n", "        pass\n"
            ),
        ),
        tests=(f"{PRINTS}::test_in_a_bucket_the_second_is_told_as_well",),
    ),
    Mutant(
        name="another-arrived",
        off="what has arrived is not compared with what was begun",
        changes=(
            Change(
                "media/uploads/finishing.py",
                "    if upload.fingerprint and ",
                "    if not upload.pk and ",
            ),
        ),
        tests=(f"{PRINTS}::test_a_bucket_that_has_got_another_file_has_it_refused",),
    ),
)
