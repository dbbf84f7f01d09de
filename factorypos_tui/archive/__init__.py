"""The archive of a shop: what is written out of the Z reports, and what checks that. docs/archive.md has the
format. Each half works on bytes alone; neither knows the other, nor any other room of ours."""
