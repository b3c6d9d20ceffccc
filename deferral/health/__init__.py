"""What `manage.py doctor` asks. Any app adds its own questions with `@health_check`.

A question answers within a few seconds and does not raise. Imports any room but `admin`.
"""

from deferral.health.findings import CHECKS, Check, Finding, health_check

__all__ = ["CHECKS", "Check", "Finding", "health_check"]
