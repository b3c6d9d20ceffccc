"""A guest finds an order again: by its number and the address it was placed with.

As with a login, the request only writes down who asks for what, the same for every number and
address; a worker looks, and makes the secret of a mail to that address. Unlike a login's, the link
works in any browser and as often as somebody likes while it lasts: it shows one order, which the
mails about that order show as well, and a scanner that presses its button takes nothing away.
"""
