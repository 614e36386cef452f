"""An example plugin: it says things back."""
