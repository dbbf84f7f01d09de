"""Who is logged in, and which store this terminal is assigned to."""
