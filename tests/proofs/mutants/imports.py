"""What is switched off of imports."""

from tests.proofs.mutants.mutant import Change, Mutant

IMPORTING = "shop/imports/importing.py"
KILLED = "tests/proofs/failures/test_product_imports.py"
NOTHING = "test_killed_between_its_rows_and_their_commit_nothing_of_the_chunk_is_there"
WITH_ITS_ROWS = """                current.checkpoint(at, done=at["rows"])
                crashpoint("products_written")
"""
BEHIND_THEM = """            crashpoint("products_written")
            current.checkpoint(at, done=at["rows"])
"""

OF_IMPORTS = (
    Mutant(
        name="import-chunk",
        off="the rows of a chunk are committed before its checkpoint",
        changes=(Change(IMPORTING, WITH_ITS_ROWS, BEHIND_THEM),),
        tests=(f"{KILLED}::{NOTHING}",),
    ),
)
