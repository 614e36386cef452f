"""New plugins, from the templates in this folder."""
