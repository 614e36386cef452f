"""mpdt beside a core's own reload, on the same plugin, in a real checkout of either kind."""
