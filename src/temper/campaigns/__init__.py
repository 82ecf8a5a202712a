"""What combines stages."""
