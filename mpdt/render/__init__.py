"""Events for people and for programs. Pure; nothing heavy is loaded before it is needed."""
