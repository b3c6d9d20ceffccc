"""Which queues exist. Each has workers of its own: CONTRIBUTING.md says where they are started."""

QUEUES = ["critical", "partners", "bulk", "analytics"]
# When the others are behind, these are given less. See `deferral.pressure.levels`.
LOW_PRIORITY = ["bulk", "analytics"]
