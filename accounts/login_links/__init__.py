"""Logging in from a mailbox, without a password: by the mail's link, or by its code.

The request only writes down who asks, the same for every address. A worker makes the secrets and
mails them; keyed digests stay. A link works in the browser that asked, where it is one click;
whoever opens it elsewhere (a scanner, another telephone) lets nobody in. The code is for those: it
is typed where it was asked for. Staff log in with their password: what they may do is worth more
than a mailbox.
"""
