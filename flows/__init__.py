"""Prefect flows and the command line: they orchestrate, `pipeline` works."""
