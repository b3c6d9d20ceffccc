"""What is written down: receipts, tickets, and the audit trail. Imports orders and deferral."""
