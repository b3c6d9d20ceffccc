"""The part of the catalogue that is about the search and what it follows."""

from tests.proofs.mutants.mutant import Change, Mutant

INDEXING, FINDING = "shop/search/indexing.py", "shop/search/finding.py"
SPELLING, REBUILDING = "shop/search/spelling.py", "shop/search/rebuilding.py"
MODEL, TESTS = "shop/models/announcing.py", "tests/shop/search"
CHANGES = "tests/shop/test_product_changes.py"

OF_SEARCHES = (
    Mutant(
        name="search-fence",
        off="a row of the search is written over whatever its version",
        changes=(
            Change(
                INDEXING,
                "s.source_version IS DISTINCT FROM p.version AND p.id",
                "p.id",
            ),
            Change(INDEXING, "= ANY(%(ids)s) AND s.source_version <> p.version", "= ANY(%(ids)s)"),
        ),
        tests=(f"{TESTS}/test_indexing.py::test_a_job_that_comes_late_changes_nothing",),
    ),
    Mutant(
        name="search-burst",
        off="each job of a burst does the work",
        changes=(
            Change(
                INDEXING,
                "    if not (behind := _ids(BEHIND, ids, tables)):\n",
                "    behind = list(ids)\n    if not behind:\n",
            ),
        ),
        tests=(f"{TESTS}/test_indexing.py::test_of_a_burst_one_job_does_the_work",),
    ),
    Mutant(
        name="search-words-counted",
        off="a word that a product has no more keeps its count",
        changes=(Change(INDEXING, "        UNION ALL SELECT unnest(had), -1 FROM fresh\n", ""),),
        tests=(f"{TESTS}/test_indexing.py::test_a_change_is_found_once_its_job_has_run",),
    ),
    Mutant(
        name="search-on-sale",
        off="what is off sale is proposed until its job has run",
        changes=(Change(SPELLING, "WHERE s.vector @@ {0} AND p.on_sale", "WHERE s.vector @@ {0}"),),
        tests=(
            f"{TESTS}/test_finding.py::test_what_is_off_sale_is_neither_found_nor_proposed_at_once",
        ),
    ),
    Mutant(
        name="reindex-catches-up",
        off="what changed while the search was built is lost",
        changes=(
            Change(
                REBUILDING,
                "            _catch_up()\n            _run(SWAP)",
                "            _run(SWAP)",
            ),
            Change(REBUILDING, "        _catch_up()\n        with", "        with"),
        ),
        tests=(f"{TESTS}/test_rebuilding.py::test_what_changes_meanwhile_is_in_it",),
    ),
    Mutant(
        name="change-announced",
        off="an update of products tells nobody",
        changes=(Change(MODEL, "            noted.changed.update(ids)\n", ""),),
        tests=(f"{CHANGES}::test_a_change_is_announced_with_its_version",),
    ),
)
