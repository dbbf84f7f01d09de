"""What a till sells, at which prices and by whom: how it travels, what taking it changes."""
