"""How all of it stands, judged and put into words."""
