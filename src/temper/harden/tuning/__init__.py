"""What a model is trained on: rows and rewards. These know what is right; mitigations never do."""
