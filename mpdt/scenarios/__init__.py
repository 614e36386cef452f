"""Scenarios: messages and calls with what is expected of them, in ``tests/*.mpdt.toml`` of a plugin."""
