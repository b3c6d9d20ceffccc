"""Files: whole or not there, named by what is in them. Uploads, and what is made of them.

Knows no product and no order.
"""
