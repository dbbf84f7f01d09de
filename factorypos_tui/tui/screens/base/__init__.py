"""What every screen is made of: the station's frame, dialogs, forms, messages."""
