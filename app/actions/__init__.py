"""What people can do: `f(tx, actor, ...)`. No flask, no commit inside."""
