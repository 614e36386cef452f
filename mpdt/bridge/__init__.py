"""What ``mpdt bridge install`` puts into a bot: ``link.py`` beside a plugin of the bot's own flavour. Nothing here is
imported by the supervisor; it runs in the bot, with the standard library alone.
"""
