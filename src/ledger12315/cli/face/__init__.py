"""What every command shares when it talks with people."""
