"""Models to test, behind one protocol, and the recorder that makes every run resumable."""
