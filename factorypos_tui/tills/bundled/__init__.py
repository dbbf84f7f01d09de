"""Where sales come from: the bundled till, its period, its sales, its imports and its demo."""
