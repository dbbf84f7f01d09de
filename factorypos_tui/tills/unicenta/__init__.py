"""The uniCenta family: uniCenta 3 and 4, KriolOS and Chromis, read in their MySQL, MariaDB or PostgreSQL."""
