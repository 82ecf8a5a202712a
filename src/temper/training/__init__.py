"""Training behind one door for attackers and defenders: TRL does the updates."""
