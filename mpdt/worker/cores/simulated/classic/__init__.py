"""The classic flavour: the ``src.plugin_system`` API of MoFox-Core and its kin. Imported for such plugins only."""
