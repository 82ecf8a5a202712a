"""What `benchmarks/peers.py` needs: a server that counts, a way to run a command, a file a tool."""
