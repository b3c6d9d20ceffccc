"""Schedules, as staff see and edit them."""
