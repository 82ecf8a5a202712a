"""What a shipped model can do and where it was planted to fail, measured against the answer key."""
