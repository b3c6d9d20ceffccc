"""What customers say of what they bought: written, decided about by staff, shown in the shop."""
