"""What all screens share: the frame with the station's state, dialogs, forms, messages."""
