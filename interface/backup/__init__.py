"""Backup and restore: PostgreSQL's own pg_dump and pg_restore, and a manifest by which damage is noticed."""
