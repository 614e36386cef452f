"""Plugins for a classic core: the one that is measured, and one that asks the core for its own reload."""
