"""Requests to language models: what plugins build, and who answers (see ``model``). Imported when it is first used."""
