"""Measurements against other reloaders, against restarting, and of the engine itself. Run: python -m benchmarks"""
