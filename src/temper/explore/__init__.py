"""Find out what a target says: draw texts, sift them, and choose few that show the many."""
