"""Rules that hold because this looks: who publishes, who closes connections, what tasks state."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
APPS = [
    "config",
    "notifications",
    "reports",
    "reviews",
    "contact",
    "webhooks",
    "shop",
    "orders",
    "media",
    "accounts",
    "audit",
    "deferral",
]  # from top to bottom
FILES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
# The relay's, and that of the chords it sent: their last part sends the body.
PUBLISHERS = {
    "deferral/relay/publishing.py",
    "deferral/relay/markers.py",
    "deferral/relay/chords.py",
}
PUBLISHING = {"delay", "delay_on_commit", "apply_async", "apply_async_on_commit", "send_task"}
CLOSERS = {
    "deferral/external/long_calls.py",  # not inside a job
    "deferral/warm/flights.py",  # not inside a job; so the next
    "deferral/warm/rebuilding.py",
    "shop/turns.py",  # before a checkout waits, in the web
    "shop/checkout.py",  # after an outage, in the web; so the next two
    "shop/views/errors.py",
    "shop/views/health.py",
    "deferral/tasks.py",  # when there was no claim
    "deferral/database/connections.py",  # between jobs
    "deferral/relay/loop.py",  # holds no job
    "deferral/schedules/scheduler.py",  # beat holds no job
    "deferral/database/held_session.py",  # its own
    "deferral/threads/ending.py",  # it ends; so the next
    "deferral/threads/stuck.py",
    "deferral/ledger/locking.py",  # to let go of a lock in a session that is broken
    "deferral/ledger/outcomes.py",  # to settle a job whose session is broken
}
CLOSING = {
    "close_old_connections",
    "close_all",
    "close_if_unusable_or_obsolete",
    "drop_sessions",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def publishes(source: str) -> bool:
    found = (call.func for call in calls(source))
    return any(isinstance(func, ast.Attribute) and func.attr in PUBLISHING for func in found)


def closes_a_connection(source: str) -> bool:
    for call in calls(source):
        text = ast.unparse(call.func)
        if text.rpartition(".")[2] in CLOSING:
            return True
        if re.search(r"(connection|database|connections\[.*\]|lost)\.close$", text):
            return True
    return False


def deferred_tasks() -> Iterator[tuple[str, ast.FunctionDef, dict[str, ast.expr]]]:
    """(app, function, options) of every @deferred_task."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            for mark in getattr(node, "decorator_list", []):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "deferred_task":
                    options = {keyword.arg or "": keyword.value for keyword in mark.keywords}
                    yield path.relative_to(ROOT).parts[0], node, options  # type: ignore[misc]  # a function


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a.delay()", True), ("x.y.apply_async(1)", True), ("delay = 1\nrun(delay)", False)],
)
def test_publishing_is_recognised(source: str, *, expected: bool) -> None:
    assert publishes(source) == expected


def test_only_the_relay_and_its_chords_publish_to_celery() -> None:
    assert {named(path) for path in FILES if publishes(path.read_text())} == PUBLISHERS


def test_no_code_inside_a_job_closes_its_connection() -> None:
    found = {named(path) for path in FILES if closes_a_connection(path.read_text())}

    assert found <= CLOSERS


def test_a_closed_connection_is_recognised() -> None:
    assert closes_a_connection("from django.db import connection\nconnection.close()")
    assert closes_a_connection("connections['default'].close()")
    assert closes_a_connection("connections.drop_sessions()")
    assert not closes_a_connection("file.close()")


def unregistered(source: str) -> list[str]:
    """Reactions to a fact that nobody calls: a merge may lose a decorator, and nothing fails."""
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and any(each.arg == "fact" for each in (*node.args.args, *node.args.kwonlyargs))
        and not any(ast.unparse(mark).startswith("handles(") for mark in node.decorator_list)
    ]


def test_every_reaction_to_a_fact_is_registered_for_one() -> None:
    found = [path for path in FILES if any(part.startswith("handlers") for part in path.parts[-3:])]

    assert len(found) > 10
    assert {named(path): unregistered(path.read_text()) for path in found} == {
        named(path): [] for path in found
    }


def test_a_reaction_without_a_decorator_is_recognised() -> None:
    assert unregistered("def tell(fact: Paid): ...") == ["tell"]
    assert not unregistered("@handles(Paid)\ndef tell(fact: Paid): ...")
    assert not unregistered("def _job(fact: Paid): ...")


def test_every_task_states_its_policy_and_limits() -> None:
    tasks = list(deferred_tasks())

    assert len(tasks) > 10
    for _, function, options in tasks:
        assert {"name", "queue", "retry", "time_limit"} <= set(options), function.name


def test_tasks_are_named_by_app_and_verb_and_called_so() -> None:
    for app, function, options in deferred_tasks():
        name = ast.literal_eval(options["name"])
        assert re.fullmatch(rf"{app}\.[a-z]+(_[a-z]+)*", name), name
        assert function.args.kwonlyargs or not function.args.args, name
        assert not function.args.args, name
        assert ast.get_docstring(function), name


def test_a_task_body_is_at_most_three_statements() -> None:
    for _, function, options in deferred_tasks():
        assert len(function.body) <= 4, ast.literal_eval(options["name"])  # and its docstring


def test_foreign_keys_between_apps_point_down() -> None:
    wrong = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if model._meta.app_label in APPS
        and field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_label in APPS
        and APPS.index(field.related_model._meta.app_label) < APPS.index(model._meta.app_label)
    ]

    assert wrong == []
