"""The first page with a cache in each of its states."""
