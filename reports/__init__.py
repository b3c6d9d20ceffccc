"""What is written down: receipts, tickets, and an order's entries in the audit trail."""
