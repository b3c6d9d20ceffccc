"""Jobs of one series run one after the other, in the order in which they were written.

The one place that says which earlier job stands in the way. A dead one does: whatever comes after
it waits for a person.
"""


def has_open_predecessor(job: str) -> str:
    """SQL: whether an earlier job of the series of `job`, a row's alias, is still open.

    False for a job that is in no series. It reads the index `job_ordering`. Where most rows are in
    no series, ask for that first, or each of them costs a look at the index.
    """
    return f"""EXISTS (
        SELECT 1 FROM deferral_job e
        WHERE e.ordering_key = {job}.ordering_key AND e.id < {job}.id
          AND e.state IN ('waiting', 'pending', 'running', 'paused', 'dead'))"""  # noqa: S608 - an alias of ours
