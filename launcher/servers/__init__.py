"""PostgreSQL and Valkey from wheels, started directly and owned by whoever started them.

The wheels' own start-up code is not used: it believes any process whose number stands in an
old pid file to be its server, and ends it; as root it opens the home directory to everybody.
"""
