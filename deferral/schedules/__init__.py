"""Schedules: each tick becomes the row `schedule:{name}:{due}`, once, however often beat starts.

Promises: no tick is lost while the database or beat is away, and none comes twice. Publishes
nothing. Imports `database`, `worker` (for beat's sign of life) and what stands below them.
"""
