"""Any OpenAI-compatible server: what it is sent, what is read, and what it does otherwise."""
