"""The part of the catalogue that is about pictures that were uploaded."""

from tests.proofs.mutants.mutant import Change, Mutant

OPENING, REDUCING, MAKING, SCANS = (
    f"media/pictures/{name}.py" for name in ("opening", "reducing", "making", "scans")
)
RECEIVING, PICTURES = "tests/media/test_receiving.py", "tests/media/test_pictures.py"
HANDING_OUT, BODIES = "tests/media/test_handing_out.py", "tests/config/test_large_bodies.py"
MAILS = "tests/notifications/test_upload_mails.py"

OF_PICTURES = (
    Mutant(
        name="one-decoder",
        off="whichever decoder finds a picture in it may open it",
        changes=(
            Change(OPENING, "Image.open(file, formats=[PICTURES[format]])", "Image.open(file)"),
        ),
        tests=(f"{RECEIVING}::test_no_other_decoder_is_asked_than_that_of_its_first_bytes",),
    ),
    Mutant(
        name="pixels-bounded",
        off="a picture of any size is decoded, as far as Pillow goes along",
        changes=(Change(OPENING, "            check_size(*image.size)\n", ""),),
        tests=(f"{RECEIVING}::test_what_is_not_taken_has_a_sentence",),
    ),
    Mutant(
        name="passes-bounded",
        off="a JPEG may be drawn in any number of passes",
        changes=(Change(SCANS, "if scans > MOST_SCANS:", "if scans < 0:"),),
        tests=(f"{RECEIVING}::test_what_is_not_taken_has_a_sentence",),
    ),
    Mutant(
        name="nothing-of-the-camera",
        off="what stands beside the pixels of an original goes on into its variants",
        changes=(Change(REDUCING, "    made.info.clear()\n", ""),),
        tests=(f"{PICTURES}::test_nothing_of_the_camera_is_in_any_of_them",),
    ),
    Mutant(
        name="sizes-go-on",
        off="a job that was stopped begins again with the largest size",
        changes=(Change(MAKING, "if there[size] < len(FORMATS)]", "if size]"),),
        tests=("tests/media/test_picture_jobs.py::test_a_size_that_is_made_is_not_made_again",),
    ),
    Mutant(
        name="verdict-asked",
        off="what is in review or refused has an address that works",
        changes=(
            Change(
                "media/views.py",
                "is_public = found.asset.verdict == Asset.Verdict.OK",
                "is_public = True",
            ),
        ),
        tests=(f"{HANDING_OUT}::test_what_nobody_has_allowed_is_shown_to_staff_alone",),
    ),
    Mutant(
        name="large-bodies-signed",
        off="any address takes a large body",
        changes=(
            Change(
                "media/large_bodies.py",
                "    except BadSignature:\n        return False",
                "    except BadSignature:\n        return True",
            ),
        ),
        tests=(f"{BODIES}::test_any_other_may_not",),
    ),
    Mutant(
        name="told-together",
        off="each of several that were sent together is told by a mail of its own",
        changes=(Change("media/telling.py", "if are_being_made(untold):", "if not untold:"),),
        tests=(f"{MAILS}::test_three_that_were_sent_together_are_one_mail",),
    ),
)
