"""The payment provider, by its own SDK: one connection, and one gate for everything that it says.

Imports the domain's errors and nothing else of ours: no row is read or written here.
"""
