"""Giving money back: decided as a row, carried out by a job, settled by what the provider says."""
