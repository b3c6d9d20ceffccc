"""The mail server: takes everything by SMTP, delivers nothing, shows it in an inbox."""
