"""Which till of another program is read: what is asked of the operator, and what is kept of the answers."""
