"""Parts that all commands share when they talk with people."""
