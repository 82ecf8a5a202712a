"""What is done about a weakness. Nothing in here calls an oracle or knows a truth."""
