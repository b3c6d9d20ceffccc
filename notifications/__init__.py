"""What leaves the shop for people, CRM and analytics. Programs of others hear from `webhooks`."""
