"""One screen is one module, with its styles beside it under the same name."""
