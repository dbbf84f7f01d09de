-- till.db, beside version 2: what no report can carry is refused in rows that are written from now on, also
-- in a file that is older. Bad rows from before are read all the same, and user_version stays.
-- A statement ends with a semicolon at the end of a line; a trigger is written on one line.

-- From which Z on reports are made by which rules: the days before are made as they were frozen.
CREATE TABLE IF NOT EXISTS report_rules (
    version INTEGER PRIMARY KEY,
    first_z INTEGER NOT NULL
) STRICT;

INSERT OR IGNORE INTO report_rules (version, first_z) SELECT 2, 1 + COALESCE(MAX(z_number), 0) FROM periods;

INSERT OR IGNORE INTO report_rules (version, first_z) SELECT 3, 1 + COALESCE(MAX(z_number), 0) FROM periods;

INSERT OR IGNORE INTO report_rules (version, first_z) SELECT 4, 1 + COALESCE(MAX(z_number), 0) FROM periods;

CREATE TRIGGER IF NOT EXISTS terminal_id_is_a_uuid BEFORE INSERT ON terminal WHEN NEW.id NOT GLOB '????????-????-????-????-????????????' BEGIN SELECT RAISE(ABORT, 'terminal.id must be a UUID'); END;
CREATE TRIGGER IF NOT EXISTS terminal_id_stays_a_uuid BEFORE UPDATE OF id ON terminal WHEN NEW.id NOT GLOB '????????-????-????-????-????????????' BEGIN SELECT RAISE(ABORT, 'terminal.id must be a UUID'); END;
CREATE TRIGGER IF NOT EXISTS period_id_is_a_uuid BEFORE INSERT ON periods WHEN NEW.id NOT GLOB '????????-????-????-????-????????????' BEGIN SELECT RAISE(ABORT, 'periods.id must be a UUID'); END;
CREATE TRIGGER IF NOT EXISTS period_id_stays_a_uuid BEFORE UPDATE OF id ON periods WHEN NEW.id NOT GLOB '????????-????-????-????-????????????' BEGIN SELECT RAISE(ABORT, 'periods.id must be a UUID'); END;
CREATE TRIGGER IF NOT EXISTS period_is_of_our_time BEFORE INSERT ON periods WHEN NEW.opened_at NOT BETWEEN '1900' AND '3000' OR NEW.closed_at NOT BETWEEN '1900' AND '3000' OR NEW.business_date NOT BETWEEN '1900' AND '3000' BEGIN SELECT RAISE(ABORT, 'periods: an instant or a date is out of range'); END;
CREATE TRIGGER IF NOT EXISTS period_stays_of_our_time BEFORE UPDATE OF opened_at, closed_at, business_date ON periods WHEN NEW.opened_at NOT BETWEEN '1900' AND '3000' OR NEW.closed_at NOT BETWEEN '1900' AND '3000' OR NEW.business_date NOT BETWEEN '1900' AND '3000' BEGIN SELECT RAISE(ABORT, 'periods: an instant or a date is out of range'); END;
CREATE TRIGGER IF NOT EXISTS period_can_be_reported BEFORE INSERT ON periods WHEN NEW.currency NOT GLOB '[A-Z][A-Z][A-Z]' OR NEW.timezone = '' OR NEW.z_number > 1000000000000 OR NEW.opening_float NOT BETWEEN -1000000000000 AND 1000000000000 BEGIN SELECT RAISE(ABORT, 'periods: no report can carry currency, timezone, z_number or opening_float'); END;
CREATE TRIGGER IF NOT EXISTS period_can_still_be_reported BEFORE UPDATE OF currency, timezone, z_number, opening_float ON periods WHEN NEW.currency NOT GLOB '[A-Z][A-Z][A-Z]' OR NEW.timezone = '' OR NEW.z_number > 1000000000000 OR (NEW.opening_float <> OLD.opening_float AND NEW.opening_float NOT BETWEEN -1000000000000 AND 1000000000000) BEGIN SELECT RAISE(ABORT, 'periods: no report can carry currency, timezone, z_number or opening_float'); END;
CREATE TRIGGER IF NOT EXISTS receipt_has_its_period AFTER INSERT ON receipts WHEN NEW.seq < 1 OR NOT EXISTS (SELECT 1 FROM periods WHERE id = NEW.period_id) BEGIN SELECT RAISE(ABORT, 'receipts: seq must be 1 or more, and period_id a period'); END;
CREATE TRIGGER IF NOT EXISTS receipt_is_of_our_time BEFORE INSERT ON receipts WHEN NEW.sold_at NOT BETWEEN '1900' AND '3000' BEGIN SELECT RAISE(ABORT, 'receipts.sold_at is out of range'); END;
CREATE TRIGGER IF NOT EXISTS receipt_stays_of_our_time BEFORE UPDATE OF sold_at ON receipts WHEN NEW.sold_at NOT BETWEEN '1900' AND '3000' BEGIN SELECT RAISE(ABORT, 'receipts.sold_at is out of range'); END;
CREATE TRIGGER IF NOT EXISTS quantity_is_short BEFORE INSERT ON receipt_lines WHEN length(NEW.quantity) > 20 BEGIN SELECT RAISE(ABORT, 'receipt_lines.quantity has at most 20 characters'); END;
CREATE TRIGGER IF NOT EXISTS quantity_stays_short BEFORE UPDATE OF quantity ON receipt_lines WHEN length(NEW.quantity) > 20 BEGIN SELECT RAISE(ABORT, 'receipt_lines.quantity has at most 20 characters'); END;
CREATE TRIGGER IF NOT EXISTS tax_can_be_reported BEFORE INSERT ON receipt_taxes WHEN NEW.base NOT BETWEEN -1000000000000 AND 1000000000000 OR NEW.tax NOT BETWEEN -1000000000000 AND 1000000000000 OR length(NEW.rate) > 20 OR NEW.rate GLOB '*.' BEGIN SELECT RAISE(ABORT, 'receipt_taxes: base, tax or rate is out of range'); END;
CREATE TRIGGER IF NOT EXISTS tax_can_still_be_reported BEFORE UPDATE OF base, tax, rate ON receipt_taxes WHEN NEW.base NOT BETWEEN -1000000000000 AND 1000000000000 OR NEW.tax NOT BETWEEN -1000000000000 AND 1000000000000 OR length(NEW.rate) > 20 OR NEW.rate GLOB '*.' BEGIN SELECT RAISE(ABORT, 'receipt_taxes: base, tax or rate is out of range'); END;
