"""The only door outside: HTTP, SMTP, IMAP, timestamps. No other room opens a connection."""
