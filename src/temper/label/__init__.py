"""The labelling page: people read one item at a time and find out what they mean by "wrong"."""
