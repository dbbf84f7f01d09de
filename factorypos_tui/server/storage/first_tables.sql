-- The tables of the first version; {integer}, {bytes}, {truth} and {counter} are what each database calls it.
CREATE TABLE schema_version (
    version INTEGER NOT NULL PRIMARY KEY
);
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    disabled_at TEXT
);
CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account(id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE TABLE password_reset (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account(id),
    expires_at TEXT NOT NULL
);
CREATE TABLE company (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account(id),
    name TEXT NOT NULL,
    tax_id TEXT,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE store (
    id TEXT NOT NULL PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES company(id),
    name TEXT NOT NULL,
    address TEXT,
    timezone TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE TABLE terminal (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account(id),
    store_id TEXT NOT NULL REFERENCES store(id),
    name TEXT NOT NULL,
    software TEXT NOT NULL,
    may_upload {truth} NOT NULL,
    assigned_at TEXT NOT NULL,
    revoked_at TEXT,
    reported_at TEXT
);
CREATE TABLE terminal_token (
    token_hash TEXT NOT NULL PRIMARY KEY,
    terminal_id TEXT NOT NULL REFERENCES terminal(id),
    issued_at TEXT NOT NULL,
    revoked_at TEXT
);
CREATE TABLE report (
    id TEXT NOT NULL PRIMARY KEY,
    terminal_id TEXT NOT NULL REFERENCES terminal(id),
    store_id TEXT NOT NULL REFERENCES store(id),
    kind TEXT NOT NULL,
    period_id TEXT NOT NULL,
    z_number {integer},
    revision {integer} NOT NULL,
    business_date TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    document {bytes} NOT NULL,
    received_at TEXT NOT NULL
);
CREATE TABLE conflict (
    terminal_id TEXT NOT NULL REFERENCES terminal(id),
    content_hash TEXT NOT NULL,
    report_id TEXT NOT NULL,
    document {bytes} NOT NULL,
    received_at TEXT NOT NULL,
    PRIMARY KEY (terminal_id, content_hash)
);
CREATE TABLE configuration (
    store_id TEXT NOT NULL REFERENCES store(id),
    version {integer} NOT NULL,
    etag TEXT NOT NULL,
    document {bytes} NOT NULL,
    uploaded_at TEXT NOT NULL,
    account_id TEXT REFERENCES account(id),
    terminal_id TEXT REFERENCES terminal(id),
    PRIMARY KEY (store_id, version)
);
CREATE TABLE first_answer (
    scope TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (scope, key_hash)
);
CREATE TABLE audit_entry (
    id {counter} NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL
);
CREATE UNIQUE INDEX account_email_key ON account (email_key);
CREATE INDEX session_account_id ON session (account_id);
CREATE INDEX session_expires_at ON session (expires_at);
CREATE INDEX passwordreset_account_id ON password_reset (account_id);
CREATE INDEX passwordreset_expires_at ON password_reset (expires_at);
CREATE INDEX company_account_id ON company (account_id);
CREATE INDEX store_company_id ON store (company_id);
CREATE INDEX terminal_store_id ON terminal (store_id);
CREATE INDEX terminaltoken_terminal_id ON terminal_token (terminal_id);
CREATE UNIQUE INDEX report_terminal_id_kind_period_id ON report (terminal_id, kind, period_id);
CREATE UNIQUE INDEX report_terminal_id_z_number ON report (terminal_id, z_number);
CREATE INDEX report_store_id_business_date ON report (store_id, business_date);
CREATE INDEX firstanswer_created_at ON first_answer (created_at);
INSERT INTO schema_version VALUES (1);
