"""What this app puts into its own slot."""

from accounts.personal import PERSONAL
from accounts.personal_data import PERSONAL_DATA

PERSONAL_DATA.fill("accounts", PERSONAL)
