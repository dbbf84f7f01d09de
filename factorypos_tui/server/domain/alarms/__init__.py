"""What is wrong at terminals, from when to when, and who is told of it."""
