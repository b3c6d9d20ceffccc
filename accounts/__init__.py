"""People: users by e-mail, who is logged in, what ends that; the rule of e-mail addresses."""
