"""A file of products: read, looked at without changing anything, confirmed, imported by a job.

Promises: nothing before a dry run that somebody confirmed; a line is whole or left out, and says
why; a file brought twice changes nothing; killed at any moment, each line is imported once. The
list that we export ourselves comes back as it was.
"""
