"""A mail to many, each exactly once where the mail server can be asked, else at most once.

Whom a campaign is for is frozen when it starts: a row for each address. Jobs send a hundred each.
A row says `sending`, committed, before the server is asked to take its mail, and what came of it
afterwards. Whoever was killed between the two leaves one row of which nobody knows: then the server
is asked; where it cannot be, the row is in doubt until a person decides.
"""
