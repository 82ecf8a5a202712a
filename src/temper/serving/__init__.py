"""A small OpenAI-compatible server over a local checkpoint, to try the endpoint path offline."""
