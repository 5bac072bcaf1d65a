"""Reading from the database, one module per kind of reader."""
