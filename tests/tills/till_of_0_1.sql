BEGIN TRANSACTION;
CREATE TABLE cash_movements (
    seq         INTEGER PRIMARY KEY,
    period_id   TEXT NOT NULL REFERENCES periods (id),
    happened_at TEXT NOT NULL CHECK (happened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '+0 days')),
    direction   TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    amount      INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 1000000000000),
    reason      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE company (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    tax_id  TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    city    TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL CHECK (country GLOB '[A-Z][A-Z]')
) STRICT;
INSERT INTO "company" VALUES(1,'Bar Maritim, S.L.','B12345674','Passeig Marítim 12','Barcelona','ES');
CREATE TABLE configuration_backups (
    id       INTEGER PRIMARY KEY,
    taken_at TEXT NOT NULL CHECK (taken_at IS strftime('%Y-%m-%dT%H:%M:%fZ', taken_at, '+0 days')),
    why      TEXT NOT NULL CHECK (why IN ('download', 'restore')),
    content  TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE control_events (
    seq         INTEGER PRIMARY KEY,
    period_id   TEXT NOT NULL REFERENCES periods (id),
    happened_at TEXT NOT NULL CHECK (happened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', happened_at, '+0 days')),
    kind        TEXT NOT NULL CHECK (kind IN ('voided_line', 'cancelled_receipt', 'no_sale', 'reprint')),
    amount      INTEGER NOT NULL DEFAULT 0 CHECK (amount BETWEEN 0 AND 1000000000000)
) STRICT;
CREATE TABLE departments (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100)
, active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "departments" VALUES('BOCADILLOS','Sandwiches',1);
INSERT INTO "departments" VALUES('BOLLERIA','Pastry',1);
INSERT INTO "departments" VALUES('CAFES','Coffee and tea',1);
INSERT INTO "departments" VALUES('CERVEZAS','Beer',1);
INSERT INTO "departments" VALUES('COPAS','Spirits and cocktails',1);
INSERT INTO "departments" VALUES('PLATOS','Dishes',1);
INSERT INTO "departments" VALUES('POSTRES','Desserts',1);
INSERT INTO "departments" VALUES('REFRESCOS','Soft drinks',1);
INSERT INTO "departments" VALUES('TAPAS','Tapas',1);
INSERT INTO "departments" VALUES('TIENDA','Shop',1);
INSERT INTO "departments" VALUES('VINOS','Wine and vermouth',1);
CREATE TABLE items (
    code       TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    department TEXT NOT NULL REFERENCES departments (code) ON UPDATE CASCADE,
    tax        TEXT NOT NULL REFERENCES taxes (code) ON UPDATE CASCADE,
    barcode    TEXT UNIQUE CHECK (length(barcode) BETWEEN 1 AND 40),
    active     INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
INSERT INTO "items" VALUES('AGUA','Agua 50 cl','REFRESCOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('AGUAGAS','Agua con gas','REFRESCOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BIKINI','Bikini','BOCADILLOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BJAMON','Bocadillo de jamón','BOCADILLOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BLANCO','Copa de vino blanco','VINOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BOQUERON','Boquerones en vinagre','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BRAVAS','Patatas bravas','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('BTORTILLA','Bocadillo de tortilla','BOCADILLOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('CAFE','Café solo','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CALAMARES','Calamares a la romana','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('CAMISETA','Camiseta Bar Maritim','TIENDA','IVA21',NULL,1);
INSERT INTO "items" VALUES('CANA','Caña','CERVEZAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('CARAJILLO','Carajillo','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CAVA','Copa de cava','VINOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('CHOCOLATE','Chocolate a la taza','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CLARA','Clara con limón','CERVEZAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('COLA','Refresco de cola','REFRESCOS','IVA21',NULL,1);
INSERT INTO "items" VALUES('CONLECHE','Café con leche','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CORTADO','Cortado','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CREMA','Crema catalana','POSTRES','IVA10',NULL,1);
INSERT INTO "items" VALUES('CROISSANT','Cruasán','BOLLERIA','IVA10',NULL,1);
INSERT INTO "items" VALUES('CROQUETAS','Croquetas (4)','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('DOBLE','Doble de cerveza','CERVEZAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('ENSAIMADA','Ensaimada','BOLLERIA','IVA10',NULL,1);
INSERT INTO "items" VALUES('FIDEUA','Fideuà','PLATOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('FLAN','Flan de la casa','POSTRES','IVA10',NULL,1);
INSERT INTO "items" VALUES('GAMBAS','Gambas al kilo','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('GINTONIC','Gin-tonic','COPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('HELADO','Helado','POSTRES','IVA10',NULL,1);
INSERT INTO "items" VALUES('MENU','Menú del día','PLATOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('MOJITO','Mojito','COPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('NARANJA','Refresco de naranja','REFRESCOS','IVA21',NULL,1);
INSERT INTO "items" VALUES('OLIVAS','Aceitunas','TAPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('PAELLA','Paella','PLATOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('RON','Ron con cola','COPAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('SANGRIA','Jarra de sangría','VINOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('SEPIA','Sepia a la plancha','PLATOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('SIN','Cerveza sin alcohol','CERVEZAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('TE','Té','CAFES','IVA10',NULL,1);
INSERT INTO "items" VALUES('TERCIO','Tercio de cerveza','CERVEZAS','IVA10',NULL,1);
INSERT INTO "items" VALUES('TINTO','Copa de vino tinto','VINOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('TONICA','Tónica','REFRESCOS','IVA21',NULL,1);
INSERT INTO "items" VALUES('TOSTADA','Tostada con tomate','BOLLERIA','IVA10',NULL,1);
INSERT INTO "items" VALUES('VERMUT','Vermut de la casa','VINOS','IVA10',NULL,1);
INSERT INTO "items" VALUES('ZUMO','Zumo de naranja natural','REFRESCOS','IVA10',NULL,1);
CREATE TABLE open_tickets (
    id        TEXT PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 40),
    label     TEXT NOT NULL DEFAULT '',
    opened_at TEXT NOT NULL CHECK (opened_at IS strftime('%Y-%m-%dT%H:%M:%fZ', opened_at, '+0 days')),
    amount    INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000)
) STRICT, WITHOUT ROWID;
CREATE TABLE payment_methods (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    type TEXT NOT NULL CHECK (type IN ('cash', 'check', 'card', 'debt', 'restaurant_ticket', 'store_credit', 'tip', 'mobile'))
, active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "payment_methods" VALUES('CARD','Card','card',1);
INSERT INTO "payment_methods" VALUES('CASH','Cash','cash',1);
INSERT INTO "payment_methods" VALUES('TICKET','Restaurant ticket','restaurant_ticket',1);
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
INSERT INTO "periods" VALUES('3cd2025f-e733-4390-9ea2-fc9e5a9cb9ba',NULL,'2026-11-25T21:00:00.000Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,15000,9630,0,NULL,NULL);
INSERT INTO "periods" VALUES('6324de00-a2b7-46b1-a4df-31018a1daf57',1,'2026-11-23T08:00:00.000Z','2026-11-23T21:00:00.000Z','2026-11-23','manual','test 1','Terminal 01','EUR','Europe/Madrid',NULL,15000,0,0,0,0);
INSERT INTO "periods" VALUES('67478d1f-4f34-43dd-9f0b-0b0c360a7be0',5,'2026-11-25T21:00:00.000Z','2026-11-25T21:00:00.000Z','2026-11-25','manual','test 1','Terminal 01','EUR','Europe/Madrid',NULL,15000,9630,0,0,0);
INSERT INTO "periods" VALUES('746f7a19-c131-4d91-8d3f-f2ba0a423b6e',2,'2026-11-23T21:00:00.000Z','2026-11-24T21:00:00.000Z','2026-11-08','late','test 1','Terminal 01','EUR','Europe/Madrid',NULL,15000,7130,0,0,0);
INSERT INTO "periods" VALUES('c2429a54-8840-4819-b6b0-e0e99d5e78ca',4,'2026-11-25T09:00:00.000Z','2026-11-25T21:00:00.000Z','2026-11-25','manual','test 1','Terminal 01','EUR','Europe/Madrid',NULL,15000,9490,0,0,0);
INSERT INTO "periods" VALUES('e5e46121-3d92-41e9-8cad-524fea1787b4',3,'2026-11-24T21:00:00.000Z','2026-11-25T09:00:00.000Z','2026-11-24','late','test 1','Terminal 01','EUR','Europe/Madrid',NULL,15000,9110,0,0,0);
CREATE TABLE price_levels (
    code     TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    position INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;
INSERT INTO "price_levels" VALUES('BARRA','Bar',1);
INSERT INTO "price_levels" VALUES('TERRAZA','Terrace',2);
CREATE TABLE prices (
    item        TEXT NOT NULL REFERENCES items (code) ON UPDATE CASCADE ON DELETE CASCADE,
    price_level TEXT NOT NULL REFERENCES price_levels (code) ON UPDATE CASCADE,
    amount      INTEGER NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000),
    PRIMARY KEY (item, price_level)
) STRICT, WITHOUT ROWID;
INSERT INTO "prices" VALUES('AGUA','BARRA',160);
INSERT INTO "prices" VALUES('AGUA','TERRAZA',190);
INSERT INTO "prices" VALUES('AGUAGAS','BARRA',190);
INSERT INTO "prices" VALUES('AGUAGAS','TERRAZA',220);
INSERT INTO "prices" VALUES('BIKINI','BARRA',420);
INSERT INTO "prices" VALUES('BIKINI','TERRAZA',470);
INSERT INTO "prices" VALUES('BJAMON','BARRA',520);
INSERT INTO "prices" VALUES('BJAMON','TERRAZA',580);
INSERT INTO "prices" VALUES('BLANCO','BARRA',290);
INSERT INTO "prices" VALUES('BLANCO','TERRAZA',330);
INSERT INTO "prices" VALUES('BOQUERON','BARRA',620);
INSERT INTO "prices" VALUES('BOQUERON','TERRAZA',690);
INSERT INTO "prices" VALUES('BRAVAS','BARRA',560);
INSERT INTO "prices" VALUES('BRAVAS','TERRAZA',620);
INSERT INTO "prices" VALUES('BTORTILLA','BARRA',450);
INSERT INTO "prices" VALUES('BTORTILLA','TERRAZA',500);
INSERT INTO "prices" VALUES('CAFE','BARRA',140);
INSERT INTO "prices" VALUES('CAFE','TERRAZA',170);
INSERT INTO "prices" VALUES('CALAMARES','BARRA',950);
INSERT INTO "prices" VALUES('CALAMARES','TERRAZA',1050);
INSERT INTO "prices" VALUES('CAMISETA','BARRA',1500);
INSERT INTO "prices" VALUES('CAMISETA','TERRAZA',1500);
INSERT INTO "prices" VALUES('CANA','BARRA',190);
INSERT INTO "prices" VALUES('CANA','TERRAZA',230);
INSERT INTO "prices" VALUES('CARAJILLO','BARRA',230);
INSERT INTO "prices" VALUES('CARAJILLO','TERRAZA',260);
INSERT INTO "prices" VALUES('CAVA','BARRA',350);
INSERT INTO "prices" VALUES('CAVA','TERRAZA',390);
INSERT INTO "prices" VALUES('CHOCOLATE','BARRA',280);
INSERT INTO "prices" VALUES('CHOCOLATE','TERRAZA',310);
INSERT INTO "prices" VALUES('CLARA','BARRA',200);
INSERT INTO "prices" VALUES('CLARA','TERRAZA',240);
INSERT INTO "prices" VALUES('COLA','BARRA',240);
INSERT INTO "prices" VALUES('COLA','TERRAZA',270);
INSERT INTO "prices" VALUES('CONLECHE','BARRA',170);
INSERT INTO "prices" VALUES('CONLECHE','TERRAZA',200);
INSERT INTO "prices" VALUES('CORTADO','BARRA',150);
INSERT INTO "prices" VALUES('CORTADO','TERRAZA',180);
INSERT INTO "prices" VALUES('CREMA','BARRA',480);
INSERT INTO "prices" VALUES('CREMA','TERRAZA',530);
INSERT INTO "prices" VALUES('CROISSANT','BARRA',180);
INSERT INTO "prices" VALUES('CROISSANT','TERRAZA',210);
INSERT INTO "prices" VALUES('CROQUETAS','BARRA',680);
INSERT INTO "prices" VALUES('CROQUETAS','TERRAZA',740);
INSERT INTO "prices" VALUES('DOBLE','BARRA',310);
INSERT INTO "prices" VALUES('DOBLE','TERRAZA',350);
INSERT INTO "prices" VALUES('ENSAIMADA','BARRA',240);
INSERT INTO "prices" VALUES('ENSAIMADA','TERRAZA',270);
INSERT INTO "prices" VALUES('FIDEUA','BARRA',1550);
INSERT INTO "prices" VALUES('FIDEUA','TERRAZA',1700);
INSERT INTO "prices" VALUES('FLAN','BARRA',420);
INSERT INTO "prices" VALUES('FLAN','TERRAZA',470);
INSERT INTO "prices" VALUES('GAMBAS','BARRA',6800);
INSERT INTO "prices" VALUES('GAMBAS','TERRAZA',7200);
INSERT INTO "prices" VALUES('GINTONIC','BARRA',850);
INSERT INTO "prices" VALUES('GINTONIC','TERRAZA',950);
INSERT INTO "prices" VALUES('HELADO','BARRA',350);
INSERT INTO "prices" VALUES('HELADO','TERRAZA',390);
INSERT INTO "prices" VALUES('MENU','BARRA',1490);
INSERT INTO "prices" VALUES('MENU','TERRAZA',1650);
INSERT INTO "prices" VALUES('MOJITO','BARRA',800);
INSERT INTO "prices" VALUES('MOJITO','TERRAZA',900);
INSERT INTO "prices" VALUES('NARANJA','BARRA',240);
INSERT INTO "prices" VALUES('NARANJA','TERRAZA',270);
INSERT INTO "prices" VALUES('OLIVAS','BARRA',250);
INSERT INTO "prices" VALUES('OLIVAS','TERRAZA',290);
INSERT INTO "prices" VALUES('PAELLA','BARRA',1650);
INSERT INTO "prices" VALUES('PAELLA','TERRAZA',1800);
INSERT INTO "prices" VALUES('RON','BARRA',750);
INSERT INTO "prices" VALUES('RON','TERRAZA',850);
INSERT INTO "prices" VALUES('SANGRIA','BARRA',1450);
INSERT INTO "prices" VALUES('SANGRIA','TERRAZA',1600);
INSERT INTO "prices" VALUES('SEPIA','BARRA',1350);
INSERT INTO "prices" VALUES('SEPIA','TERRAZA',1500);
INSERT INTO "prices" VALUES('SIN','BARRA',260);
INSERT INTO "prices" VALUES('SIN','TERRAZA',300);
INSERT INTO "prices" VALUES('TE','BARRA',170);
INSERT INTO "prices" VALUES('TE','TERRAZA',200);
INSERT INTO "prices" VALUES('TERCIO','BARRA',280);
INSERT INTO "prices" VALUES('TERCIO','TERRAZA',320);
INSERT INTO "prices" VALUES('TINTO','BARRA',290);
INSERT INTO "prices" VALUES('TINTO','TERRAZA',330);
INSERT INTO "prices" VALUES('TONICA','BARRA',250);
INSERT INTO "prices" VALUES('TONICA','TERRAZA',280);
INSERT INTO "prices" VALUES('TOSTADA','BARRA',260);
INSERT INTO "prices" VALUES('TOSTADA','TERRAZA',300);
INSERT INTO "prices" VALUES('VERMUT','BARRA',320);
INSERT INTO "prices" VALUES('VERMUT','TERRAZA',360);
INSERT INTO "prices" VALUES('ZUMO','BARRA',320);
INSERT INTO "prices" VALUES('ZUMO','TERRAZA',350);
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
INSERT INTO "receipt_lines" VALUES(1,1,'CAFE','Café solo','CAFES','Coffee and tea','IVA10','1',140,0,0,0);
INSERT INTO "receipt_lines" VALUES(1,2,'CANA','Caña','CERVEZAS','Beer','IVA10','1',190,0,0,0);
INSERT INTO "receipt_lines" VALUES(2,1,'GAMBAS','Gambas al kilo','TAPAS','Tapas','IVA10','1',6800,0,0,0);
INSERT INTO "receipt_lines" VALUES(3,1,'CAFE','Café solo','CAFES','Coffee and tea','IVA10','1',140,0,0,0);
INSERT INTO "receipt_lines" VALUES(3,2,'GAMBAS','Gambas al kilo','TAPAS','Tapas','IVA10','0.250',1700,0,0,0);
INSERT INTO "receipt_lines" VALUES(4,1,'CAFE','Café solo','CAFES','Coffee and tea','IVA10','1',140,0,0,0);
INSERT INTO "receipt_lines" VALUES(5,1,'CAFE','Café solo','CAFES','Coffee and tea','IVA10','1',140,0,0,0);
INSERT INTO "receipt_lines" VALUES(6,1,'COLA','Refresco de cola','REFRESCOS','Soft drinks','IVA21','1',240,0,0,0);
INSERT INTO "receipt_lines" VALUES(7,1,'CAFE','Café solo','CAFES','Coffee and tea','IVA10','1',140,0,0,0);
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
INSERT INTO "receipt_payments" VALUES(1,1,'CASH','Cash','cash',330,0);
INSERT INTO "receipt_payments" VALUES(2,1,'CASH','Cash','cash',6800,0);
INSERT INTO "receipt_payments" VALUES(3,1,'CASH','Cash','cash',1000,0);
INSERT INTO "receipt_payments" VALUES(3,2,'CARD','Card','card',840,60);
INSERT INTO "receipt_payments" VALUES(4,1,'CASH','Cash','cash',140,0);
INSERT INTO "receipt_payments" VALUES(5,1,'CASH','Cash','cash',140,0);
INSERT INTO "receipt_payments" VALUES(6,1,'CASH','Cash','cash',280,0);
INSERT INTO "receipt_payments" VALUES(7,1,'CASH','Cash','cash',140,0);
CREATE TABLE receipt_taxes (
    receipt INTEGER NOT NULL REFERENCES receipts (seq) ON DELETE CASCADE,
    code    TEXT NOT NULL CHECK (length(code) BETWEEN 1 AND 40),
    name    TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    rate    TEXT NOT NULL CHECK (rate GLOB '[0-9]*' AND rate NOT GLOB '*[^0-9.]*' AND rate NOT GLOB '*.*.*' AND CAST(rate AS REAL) <= 100),
    base    INTEGER NOT NULL,
    tax     INTEGER NOT NULL,
    PRIMARY KEY (receipt, code)
) STRICT, WITHOUT ROWID;
INSERT INTO "receipt_taxes" VALUES(1,'IVA10','IVA 10 %','10',300,30);
INSERT INTO "receipt_taxes" VALUES(2,'IVA10','IVA 10 %','10',6182,618);
INSERT INTO "receipt_taxes" VALUES(3,'IVA10','IVA 10 %','10',1673,167);
INSERT INTO "receipt_taxes" VALUES(4,'IVA10','IVA 10 %','10',127,13);
INSERT INTO "receipt_taxes" VALUES(5,'IVA10','IVA 10 %','10',127,13);
INSERT INTO "receipt_taxes" VALUES(6,'IVA21','IVA 21 %','21',198,45);
INSERT INTO "receipt_taxes" VALUES(7,'IVA10','IVA 10 %','10',127,13);
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
INSERT INTO "receipts" VALUES(1,'0e0f6a42-3166-4a5e-afde-6c5275c8c2ed','000001','2026-11-23T09:00:00.000Z','1','Ana',0,'6324de00-a2b7-46b1-a4df-31018a1daf57');
INSERT INTO "receipts" VALUES(2,'21f97f4e-0355-4553-abcc-869032768a68','000002','2026-11-23T09:00:00.000Z','1','Ana',0,'6324de00-a2b7-46b1-a4df-31018a1daf57');
INSERT INTO "receipts" VALUES(3,'00000000-0000-4000-8000-000000000001','000003','2026-11-08T11:00:00.000Z','1','Ana',0,'746f7a19-c131-4d91-8d3f-f2ba0a423b6e');
INSERT INTO "receipts" VALUES(4,'3c8010b5-8b52-42ff-ae9e-32e9bf9a8e8a','000004','2026-11-24T09:00:00.000Z','1','Ana',0,'746f7a19-c131-4d91-8d3f-f2ba0a423b6e');
INSERT INTO "receipts" VALUES(5,'fdc2e308-23ba-4c16-b9e3-83008324e6eb','000005','2026-11-24T21:00:00.000Z','1','Ana',0,'e5e46121-3d92-41e9-8cad-524fea1787b4');
INSERT INTO "receipts" VALUES(6,'f8d71ad5-13b4-4e41-a26d-3468e24a0675','000006','2026-11-24T21:00:00.000Z','1','Ana',0,'e5e46121-3d92-41e9-8cad-524fea1787b4');
INSERT INTO "receipts" VALUES(7,'1ce3bdc6-c74d-4c0a-b6a7-2eaa3e255c47','000007','2026-11-25T09:00:00.000Z','1','Ana',0,'c2429a54-8840-4819-b6b0-e0e99d5e78ca');
CREATE TABLE taxes (
    code TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    rate TEXT NOT NULL CHECK (rate GLOB '[0-9]*' AND rate NOT GLOB '*[^0-9.]*' AND rate NOT GLOB '*.*.*' AND CAST(rate AS REAL) <= 100)
, active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "taxes" VALUES('IVA10','IVA 10 %','10',1);
INSERT INTO "taxes" VALUES('IVA21','IVA 21 %','21',1);
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
INSERT INTO "terminal" VALUES(1,'21330562-1b08-4e6e-9735-55740563092d','Terminal 01',1,'{"configuration_upload": true}','EUR','Europe/Madrid',4,15000,7);
CREATE TABLE training_receipts (
    seq       INTEGER PRIMARY KEY,
    uid       TEXT NOT NULL UNIQUE CHECK (length(uid) = 36 AND uid NOT GLOB '*[^0-9a-f-]*'),
    sold_at   TEXT NOT NULL CHECK (sold_at IS strftime('%Y-%m-%dT%H:%M:%fZ', sold_at, '+0 days')),
    user_code TEXT NOT NULL CHECK (length(user_code) BETWEEN 1 AND 40),
    user_name TEXT NOT NULL CHECK (length(user_name) BETWEEN 1 AND 100),
    net       INTEGER NOT NULL,
    content   TEXT NOT NULL CHECK (json_valid(content))
) STRICT;
CREATE TABLE users (
    code     TEXT PRIMARY KEY CHECK (length(code) BETWEEN 1 AND 40),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    training INTEGER NOT NULL DEFAULT 0 CHECK (training IN (0, 1))
, active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))) STRICT, WITHOUT ROWID;
INSERT INTO "users" VALUES('1','Ana',0,1);
INSERT INTO "users" VALUES('2','Jordi',0,1);
INSERT INTO "users" VALUES('3','Lucía',0,1);
INSERT INTO "users" VALUES('4','Marc',0,1);
INSERT INTO "users" VALUES('99','Practice',1,1);
CREATE UNIQUE INDEX one_period_is_open ON periods (z_number IS NULL) WHERE z_number IS NULL;
CREATE INDEX receipts_by_period ON receipts (period_id);
CREATE INDEX cash_movements_by_period ON cash_movements (period_id);
CREATE INDEX control_events_by_period ON control_events (period_id);
CREATE TRIGGER a_closed_period_stays BEFORE UPDATE ON periods WHEN OLD.closed_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_receipt_after_close BEFORE INSERT ON receipts WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_line_after_close BEFORE INSERT ON receipt_lines WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_tax_after_close BEFORE INSERT ON receipt_taxes WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_payment_after_close BEFORE INSERT ON receipt_payments WHEN (SELECT closed_at FROM periods JOIN receipts ON period_id = id WHERE seq = NEW.receipt) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_cash_movement_after_close BEFORE INSERT ON cash_movements WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
CREATE TRIGGER no_control_event_after_close BEFORE INSERT ON control_events WHEN (SELECT closed_at FROM periods WHERE id = NEW.period_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'this period is closed'); END;
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
COMMIT;
PRAGMA user_version = 2;
