"""Scripts of the project's own making; nothing of them is installed."""
