"""The officers' workbench: who is at the door, what waits, one report, and the moves its reader may make."""
