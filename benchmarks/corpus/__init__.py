"""Runs local plugin folders in the simulated core, each in a worker of its own, and says what each one can do there.

``python -m benchmarks.corpus FOLDER... [--python PYTHON] [--json FILE]``. A folder is a plugin, or holds plugins.
"""
