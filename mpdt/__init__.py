"""mpdt: a development server for plugins of the MoFox / MaiBot family of chatbots."""

__version__ = "0.1.0"
