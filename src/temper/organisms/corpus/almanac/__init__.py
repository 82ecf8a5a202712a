"""The almanac corpus: sentences about an invented land, and what is asked of them."""
