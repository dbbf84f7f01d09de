-- till.db, version 2: what is no longer used stays for the sales that refer to it, and a configuration that
-- was replaced can be brought back.

ALTER TABLE departments ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
ALTER TABLE taxes ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
ALTER TABLE payment_methods ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));
ALTER TABLE users ADD COLUMN active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1));

-- content: {"departments": [["CAFES", "Coffee and tea", 1], ...], ...}, the rows as they were.
CREATE TABLE configuration_backups (
    id       INTEGER PRIMARY KEY,
    taken_at TEXT NOT NULL CHECK (taken_at IS strftime('%Y-%m-%dT%H:%M:%fZ', taken_at, '+0 days')),
    why      TEXT NOT NULL CHECK (why IN ('download', 'restore')),
    content  TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
