-- The tables of FloCafe (version 92) as far as its days are made of them, with the types that it gives them.
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT, updated_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE users (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT, pin_hash TEXT, is_active INTEGER DEFAULT 1);
CREATE TABLE categories (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE products (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, category_id TEXT, price REAL NOT NULL, sku TEXT, tax_type TEXT,
    tax_category_id TEXT, is_active INTEGER DEFAULT 1);
CREATE TABLE country_packs (id TEXT PRIMARY KEY, country TEXT, status TEXT, active_version_id TEXT);
CREATE TABLE country_pack_versions (id TEXT PRIMARY KEY, pack_json TEXT NOT NULL);
CREATE TABLE payment_methods (id INTEGER PRIMARY KEY, name TEXT NOT NULL, code TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_number TEXT UNIQUE NOT NULL, user_id TEXT, type TEXT,
    status TEXT DEFAULT 'pending', created_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE order_items (
    id INTEGER PRIMARY KEY AUTOINCREMENT, order_id INTEGER NOT NULL, product_id TEXT NOT NULL,
    product_name TEXT NOT NULL, unit_price REAL NOT NULL, quantity INTEGER NOT NULL DEFAULT 1,
    subtotal REAL NOT NULL, tax_amount REAL DEFAULT 0, tax_breakdown TEXT, tax_snapshot TEXT, tax_type TEXT,
    discount_amount REAL DEFAULT 0, total REAL NOT NULL, status TEXT DEFAULT 'pending',
    FOREIGN KEY (order_id) REFERENCES orders(id));
CREATE TABLE bills (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bill_number TEXT UNIQUE NOT NULL, order_id INTEGER NOT NULL,
    subtotal REAL DEFAULT 0, tax_amount REAL DEFAULT 0, tax_breakdown TEXT, tax_snapshot TEXT,
    discount_amount REAL DEFAULT 0, delivery_charge REAL DEFAULT 0, packaging_charge REAL DEFAULT 0,
    service_charge REAL DEFAULT 0, round_off REAL DEFAULT 0, total REAL DEFAULT 0, paid_amount REAL DEFAULT 0,
    balance REAL DEFAULT 0, payment_status TEXT DEFAULT 'unpaid', payment_details TEXT, split_group_id TEXT,
    paid_at TEXT, created_at TEXT DEFAULT CURRENT_TIMESTAMP, FOREIGN KEY (order_id) REFERENCES orders(id));
CREATE TABLE bill_items (bill_id INTEGER NOT NULL, order_item_id INTEGER NOT NULL, quantity REAL NOT NULL);
CREATE TABLE refunds (
    id INTEGER PRIMARY KEY AUTOINCREMENT, bill_id INTEGER NOT NULL, order_item_id INTEGER,
    amount_cents INTEGER NOT NULL, method TEXT NOT NULL, approved_by TEXT, created_by TEXT,
    created_at TEXT DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE cash_closures (
    id INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, business_date TEXT NOT NULL,
    period_start TEXT NOT NULL, period_end TEXT NOT NULL, opening_float_cents INTEGER NOT NULL,
    expected_cash_cents INTEGER NOT NULL, counted_cash_cents INTEGER NOT NULL, variance_cents INTEGER NOT NULL,
    gross_collected_cents INTEGER NOT NULL, refunded_cents INTEGER NOT NULL,
    net_collected_cents INTEGER NOT NULL, bill_count INTEGER NOT NULL, refund_count INTEGER NOT NULL,
    payment_methods_json TEXT, staff_sales_json TEXT, tax_components_json TEXT, pay_in_cents INTEGER,
    pay_out_cents INTEGER, safe_drop_cents INTEGER, cash_movements_json TEXT, z_number INTEGER UNIQUE,
    closed_by TEXT, notes TEXT, created_at TEXT NOT NULL);
CREATE UNIQUE INDEX cash_closures_one_day ON cash_closures (business_date) WHERE scope = 'day';
CREATE TABLE cash_drawer_movements (
    id INTEGER PRIMARY KEY AUTOINCREMENT, business_date TEXT NOT NULL, movement_type TEXT NOT NULL,
    amount_cents INTEGER NOT NULL, created_at TEXT NOT NULL, voided_at TEXT);
CREATE TABLE cash_sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, opened_by TEXT, opened_by_name TEXT, opened_at TEXT NOT NULL,
    opening_float_cents INTEGER NOT NULL, status TEXT NOT NULL, closed_at TEXT, closed_by TEXT,
    closure_id INTEGER);
CREATE TABLE held_orders (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at TEXT);
CREATE INDEX idx_order_items_order ON order_items (order_id);
CREATE INDEX idx_bills_paid_at ON bills (paid_at);
CREATE INDEX idx_refunds_bill ON refunds (bill_id);
CREATE INDEX idx_bill_items_bill ON bill_items (bill_id);
PRAGMA user_version = 92;
