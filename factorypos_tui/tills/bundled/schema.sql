-- till.db, version 1. docs/till-schema.md explains it to programs that write to it.
-- Money: integer minor units. Instants: UTC text with milliseconds, 2026-11-23T21:30:00.000Z.
-- A statement ends with a semicolon at the end of a line; a trigger is written on one line.

CREATE TABLE company (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    tax_id  TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    city    TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL CHECK (country GLOB '[A-Z][A-Z]')
) STRICT;

CREATE TABLE terminal (
    one                 INTEGER PRIMARY KEY CHECK (one = 1),
    id                  TEXT NOT NULL CHECK (length(id) = 36 AND id NOT GLOB '*[^0-9a-f-]*'),
    name                TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    wizard_finished     INTEGER NOT NULL DEFAULT 0 CHECK (wizard_finished IN (0, 1)),
    licence             TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(licence)),
    currency            TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
    timezone            TEXT NOT NULL,
    day_starts_at       INTEGER NOT NULL DEFAULT 4 CHECK (day_starts_at BETWEEN 0 AND 23),
    opening_float       INTEGER NOT NULL DEFAULT 0 CHECK (opening_float BETWEEN 0 AND 1000000000000),
    last_receipt_number INTEGER NOT NULL DEFAULT 0 CHECK (last_receipt_number >= 0)
) STRICT;

CREATE TABLE departments (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100)
) STRICT, WITHOUT ROWID;

CREATE TABLE taxes (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    rate TEXT NOT NULL CHECK (rate GLOB '[0-9]*' AND rate NOT GLOB '*[^0-9.]*' AND rate NOT GLOB '*.*.*' AND CAST(rate AS REAL) <= 100)
) STRICT, WITHOUT ROWID;

CREATE TABLE price_levels (
    code     TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    position INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    code       TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    department TEXT NOT NULL REFERENCES departments (code) ON UPDATE CASCADE,
    tax        TEXT NOT NULL REFERENCES taxes (code) ON UPDATE CASCADE,
    barcode    TEXT UNIQUE CHECK (length(barcode) BETWEEN 1 AND 40),
    active     INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE prices (
    item        TEXT NOT NULL REFERENCES items (code) ON UPDATE CASCADE ON DELETE CASCADE,
    price_level TEXT NOT NULL REFERENCES price_levels (code) ON UPDATE CASCADE,
    amount      INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
    PRIMARY KEY (item, price_level)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment_methods (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    type TEXT NOT NULL CHECK (type IN ('cash', 'check', 'card', 'debt', 'restaurant_ticket', 'store_credit', 'tip', 'mobile'))
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    code     TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    training INTEGER NOT NULL DEFAULT 0 CHECK (training IN (0, 1))
) STRICT, WITHOUT ROWID;

-- What is NULL while a period is open is stamped, all at once, by its close.
CREATE TABLE periods (
    id                  TEXT PRIMARY KEY CHECK (length(id) = 36 AND id NOT GLOB '*[^0-9a-f-]*'),
    z_number            INTEGER UNIQUE CHECK (z_number >= 1),
    opened_at           TEXT NOT NULL CHECK (opened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', opened_at, '+0 days')),
    closed_at           TEXT CHECK (closed_at IS strftime('%Y-%m-%dT%H:%M:%fZ', closed_at, '+0 days') AND closed_at >= opened_at),
    business_date       TEXT CHECK (business_date IS date(business_date, '+0 days')),
    close_reason        TEXT CHECK (close_reason IN ('manual', 'auto', 'late')),
    software            TEXT,
    terminal_name       TEXT,
    currency            TEXT,
    timezone            TEXT,
    counted             INTEGER CHECK (counted BETWEEN -1000000000000 AND 1000000000000),
    opening_float       INTEGER NOT NULL DEFAULT 0,
    perpetual_sales     INTEGER NOT NULL DEFAULT 0,
    perpetual_refunds   INTEGER NOT NULL DEFAULT 0,
    open_tickets_count  INTEGER CHECK (open_tickets_count >= 0),
    open_tickets_amount INTEGER,
    CHECK ((z_number IS NULL) = (closed_at IS NULL)),
    CHECK (closed_at IS NULL OR (business_date IS NOT NULL AND close_reason IS NOT NULL AND software IS NOT NULL
        AND terminal_name IS NOT NULL AND currency IS NOT NULL AND timezone IS NOT NULL
        AND open_tickets_count IS NOT NULL AND open_tickets_amount IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_period_is_open ON periods (z_number IS NULL) WHERE z_number IS NULL;

CREATE TABLE receipts (
    seq       INTEGER PRIMARY KEY,
    uid       TEXT NOT NULL UNIQUE CHECK (length(uid) = 36 AND uid NOT GLOB '*[^0-9a-f-]*'),
    number    TEXT NOT NULL CHECK (length(number) BETWEEN 1 AND 40),
    sold_at   TEXT NOT NULL CHECK (sold_at IS strftime('%Y-%m-%dT%H:%M:%fZ', sold_at, '+0 days')),
    user_code TEXT NOT NULL CHECK (length(user_code) BETWEEN 1 AND 40),
    user_name TEXT NOT NULL CHECK (length(user_name) BETWEEN 1 AND 100),
    rounding  INTEGER NOT NULL DEFAULT 0 CHECK (rounding BETWEEN -1000000 AND 1000000),
    period_id TEXT NOT NULL REFERENCES periods (id)
) STRICT;

CREATE INDEX receipts_by_period ON receipts (period_id);

CREATE TABLE receipt_lines (
    receipt         INTEGER NOT NULL REFERENCES receipts (seq) ON DELETE CASCADE,
    line            INTEGER NOT NULL CHECK (line >= 1),
    item_code       TEXT NOT NULL CHECK (length(item_code) BETWEEN 1 AND 40),
    item_name       TEXT NOT NULL CHECK (length(item_name) BETWEEN 1 AND 100),
    department_code TEXT NOT NULL CHECK (length(department_code) BETWEEN 1 AND 40),
    department_name TEXT NOT NULL CHECK (length(department_name) BETWEEN 1 AND 100),
    tax_code        TEXT NOT NULL CHECK (length(tax_code) BETWEEN 1 AND 40),
    quantity        TEXT NOT NULL CHECK (quantity GLOB '[0-9]*' AND quantity NOT GLOB '*[^0-9.]*' AND quantity NOT GLOB '*.*.*' AND CAST(quantity AS REAL) > 0),
    gross           INTEGER NOT NULL CHECK (gross BETWEEN 0 AND 1000000000000),
    discount        INTEGER NOT NULL DEFAULT 0 CHECK (discount BETWEEN 0 AND gross),
    is_refund       INTEGER NOT NULL DEFAULT 0 CHECK (is_refund IN (0, 1)),
    is_comp         INTEGER NOT NULL DEFAULT 0 CHECK (is_comp IN (0, 1)),
    PRIMARY KEY (receipt, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_taxes (
    receipt INTEGER NOT NULL REFERENCES receipts (seq) ON DELETE CASCADE,
    code    TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    rate    TEXT NOT NULL CHECK (rate GLOB '[0-9]*' AND rate NOT GLOB '*[^0-9.]*' AND rate NOT GLOB '*.*.*' AND CAST(rate AS REAL) <= 100),
    base    INTEGER NOT NULL,
    tax     INTEGER NOT NULL,
    PRIMARY KEY (receipt, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE receipt_payments (
    receipt INTEGER NOT NULL REFERENCES receipts (seq) ON DELETE CASCADE,
    payment INTEGER NOT NULL CHECK (payment >= 1),
    code    TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    type    TEXT NOT NULL CHECK (type IN ('cash', 'check', 'card', 'debt', 'restaurant_ticket', 'store_credit', 'tip', 'mobile')),
    amount  INTEGER NOT NULL CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
    tip     INTEGER NOT NULL DEFAULT 0 CHECK (tip BETWEEN 0 AND 1000000000000),
    PRIMARY KEY (receipt, payment)
) STRICT, WITHOUT ROWID;

CREATE TABLE cash_movements (
    seq         INTEGER PRIMARY KEY,
    period_id   TEXT NOT NULL REFERENCES periods (id),
    happened_at TEXT NOT NULL CHECK (happened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '+0 days')),
    direction   TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    amount      INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
    reason      TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX cash_movements_by_period ON cash_movements (period_id);

CREATE TABLE control_events (
    seq         INTEGER PRIMARY KEY,
    period_id   TEXT NOT NULL REFERENCES periods (id),
    happened_at TEXT NOT NULL CHECK (happened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '+0 days')),
    kind        TEXT NOT NULL CHECK (kind IN ('voided_line', 'cancelled_receipt', 'no_sale', 'reprint')),
    amount      INTEGER NOT NULL DEFAULT 0 CHECK (amount BETWEEN 0 AND 1000000000000)
) STRICT;

CREATE INDEX control_events_by_period ON control_events (period_id);

CREATE TABLE open_tickets (
    id        TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 40),
    label     TEXT NOT NULL DEFAULT '',
    opened_at TEXT NOT NULL CHECK (opened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', opened_at, '+0 days')),
    amount    INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000)
) STRICT, WITHOUT ROWID;

-- Practice: bound to no period and part of no report. content: {"lines": [...], "payments": [...]}.
CREATE TABLE training_receipts (
    seq       INTEGER PRIMARY KEY,
    uid       TEXT NOT NULL UNIQUE CHECK (length(uid) = 36 AND uid NOT GLOB '*[^0-9a-f-]*'),
    sold_at   TEXT NOT NULL CHECK (sold_at IS strftime('%Y-%m-%dT%H:%M:%fZ', sold_at, '+0 days')),
    user_code TEXT NOT NULL CHECK (length(user_code) BETWEEN 1 AND 40),
    user_name TEXT NOT NULL CHECK (length(user_name) BETWEEN 1 AND 100),
    net       INTEGER NOT NULL,
    content   TEXT NOT NULL CHECK (json_valid(content))
) STRICT;

-- What a Z was made of does not change any more, whoever writes.
CREATE TRIGGER a_closed_period_stays BEFORE UPDATE ON periods WHEN OLD.closed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_receipt_after_close BEFORE INSERT ON receipts WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_line_after_close BEFORE INSERT ON receipt_lines WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_tax_after_close BEFORE INSERT ON receipt_taxes WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_payment_after_close BEFORE INSERT ON receipt_payments WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_cash_movement_after_close BEFORE INSERT ON cash_movements WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_control_event_after_close BEFORE INSERT ON control_events WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;

-- Must be empty. Receipts whose payments or taxes do not agree with their lines would spoil a report.
CREATE VIEW receipts_that_do_not_add_up AS
SELECT seq, uid, net, paid, taxed, rounding
FROM (
    SELECT seq, uid, rounding,
        COALESCE((SELECT SUM(CASE is_refund WHEN 1 THEN discount - gross ELSE gross - discount END) FROM receipt_lines WHERE receipt = seq), 0) AS net,
        COALESCE((SELECT SUM(amount) FROM receipt_payments WHERE receipt = seq), 0) AS paid,
        COALESCE((SELECT SUM(base + tax) FROM receipt_taxes WHERE receipt = seq), 0) AS taxed
    FROM receipts
)
WHERE net + rounding <> paid OR net <> taxed;
