"""The database: the only part that imports sqlalchemy."""
