"""Talk to servers: many calls at once, at a pace they can bear, and what goes wrong told apart."""
