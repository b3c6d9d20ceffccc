"""Exports of a million rows: speed and memory, beside psql and the library alone."""
