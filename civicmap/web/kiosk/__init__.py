"""The room of the town hall's terminal."""
