"""The supervisor's parts: watching, the worker process, and one refresh or reload at a time."""
