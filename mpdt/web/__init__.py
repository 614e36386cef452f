"""HTTP and the event stream. Importing this package loads nothing; ``mpdt.web.server`` loads aiohttp."""
