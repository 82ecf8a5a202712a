"""The exact concern: sums whose truth needs no judge."""
