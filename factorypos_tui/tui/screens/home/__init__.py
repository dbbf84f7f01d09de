"""The first screen: the options, today's figures, and the last deliveries."""
