"""What every page shares: access, sessions, headers, errors, look."""
