"""The process in which the plugin lives: MiniCore, the cores, and the agent that talks to the supervisor."""
