"""What can be done to accounts, and to the one-time links that need none."""
