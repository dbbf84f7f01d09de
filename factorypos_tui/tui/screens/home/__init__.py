"""The first screen: the options, and how today and the deliveries stand."""
