"""Pictures: opened with care, and made into sizes and formats that browsers take.

`opening` decides what may be decoded, `sketching` makes what stands in a page until there is more.
"""
