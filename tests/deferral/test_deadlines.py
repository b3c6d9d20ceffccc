"""A conversation ends in time, wherever it stands, and nobody else's does. Real sockets."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from deferral.external import deadlines
from deferral.external.deadlines import Deadline, deadline, is_over, watch

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Ours, and that of somebody who says nothing. A test that is red ends in ten seconds."""
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    with ours, theirs:
        yield ours, theirs


def test_who_waits_for_silence_is_told_of_its_end(pair: Pair) -> None:
    with deadline(0.2) as end:
        watch(pair[0])
        assert pair[0].recv(1) == b""

    assert end.is_over


def test_who_speaks_to_somebody_that_does_not_listen_is_told_too(pair: Pair) -> None:
    with deadline(0.2):
        watch(pair[0])
        with pytest.raises(BrokenPipeError):
            pair[0].sendall(bytes(50_000_000))


def test_what_begins_after_the_end_is_cut_at_once(pair: Pair) -> None:
    with deadline(60) as end:
        end.strike()
        watch(pair[0])
        assert pair[0].recv(1) == b""


def test_the_shorter_of_two_ends_first_whichever_began_first(pair: Pair) -> None:
    with deadline(60) as long, deadline(0.2) as short:
        watch(pair[0])
        assert pair[0].recv(1) == b""

    assert (short.is_over, long.is_over) == (True, False)


def test_what_is_over_before_its_end_is_never_cut(pair: Pair) -> None:
    with deadline(60) as end:
        watch(pair[0])
    end.strike()

    pair[1].sendall(b"still here")
    assert (pair[0].recv(10), end.is_over) == (b"still here", False)


def test_what_is_somebody_elses_now_is_not_cut(pair: Pair) -> None:
    with deadline(60) as end:
        leave = watch(pair[0])
        leave()
        end.strike()

    pair[1].sendall(b"still here")
    assert pair[0].recv(10) == b"still here"


def test_what_is_under_no_deadline_is_left_alone(pair: Pair) -> None:
    watch(pair[0])()

    assert not is_over()


def test_a_hundred_conversations_cost_one_thread(pair: Pair) -> None:
    with deadline(60):
        before = threading.active_count()
        ends = [Deadline(60) for _ in range(100)]

        assert threading.active_count() == before
        for end in ends:
            end.close()


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_child_keeps_its_own_deadlines_and_none_of_its_parents(pair: Pair) -> None:
    with deadline(60):
        child = os.fork()
        if not child:  # whatever happens in it, it is no second run of the tests
            try:
                with deadline(0.2):
                    watch(pair[0].dup())
                    os._exit(0 if _is_cut_in_time(pair[0]) else 1)
            finally:
                os._exit(2)

        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _is_cut_in_time(line: socket.socket) -> bool:
    return line.recv(1) == b"" and deadlines._KEEPER._is_started
