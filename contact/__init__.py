"""What people write to the shop, the drafts of answers to it, and what staff answer."""
