"""The machinery's panels on the admin's first page."""
