"""What people do with a course of treatment: book its sessions, move them, record what must be on file."""
