"""Would another policy do better? Try it without people."""
