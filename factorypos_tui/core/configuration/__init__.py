"""What a till sells, at which prices and by whom: how it is sent, and what it changes at a till."""
