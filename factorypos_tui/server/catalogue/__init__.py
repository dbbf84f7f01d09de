"""What a store sells: edits of its configuration document, each a new document or what is wrong. Pure."""
