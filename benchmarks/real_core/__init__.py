"""mpdt beside Neo-MoFox's own ``/reload``, on the same plugin, in a real checkout."""
