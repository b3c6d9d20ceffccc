"""What other companies' programs are told: endpoints, deliveries, recovery.

Built of orders' events alone; staff hear of endpoints from `notifications`, by this app's events.
"""
