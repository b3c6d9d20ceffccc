"""Finding products: what is meant, and what it is found by.

Not for staff, whose admin looks letters up in the rows themselves.
"""
