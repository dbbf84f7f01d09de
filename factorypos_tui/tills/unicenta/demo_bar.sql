-- The tables of KriolOS that its sales and closes write, in MySQL's words. `demo_bar.py` turns them into PostgreSQL's.
CREATE TABLE applications (id varchar(255) PRIMARY KEY, name varchar(255) NOT NULL, version varchar(255) NOT NULL);
CREATE TABLE taxcategories (id varchar(255) PRIMARY KEY, name varchar(255) NOT NULL);
CREATE TABLE taxes (id varchar(255) PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, category varchar(255) NOT NULL, custcategory varchar(255), parentid varchar(255), rate DOUBLE NOT NULL, ratecascade BIT(1) NOT NULL, rateorder int);
CREATE TABLE categories (id varchar(255) PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, parentid varchar(255));
CREATE TABLE products (id varchar(255) PRIMARY KEY, reference varchar(255) NOT NULL UNIQUE, code varchar(255) NOT NULL UNIQUE, name varchar(255) NOT NULL UNIQUE, pricesell DOUBLE NOT NULL, category varchar(255) NOT NULL, taxcat varchar(255) NOT NULL, isvprice BIT(1) NOT NULL);
CREATE TABLE products_cat (product varchar(255) PRIMARY KEY, catorder int);
CREATE TABLE people (id varchar(255) PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, apppassword varchar(255), card varchar(255), role varchar(255) NOT NULL, visible BIT(1) NOT NULL);
CREATE TABLE closedcash (money varchar(255) PRIMARY KEY, host varchar(255) NOT NULL, hostsequence int NOT NULL, datestart DATETIME NOT NULL, dateend DATETIME NULL, nosales int NOT NULL DEFAULT 0, UNIQUE (host, hostsequence));
CREATE TABLE receipts (id varchar(255) PRIMARY KEY, money varchar(255) NOT NULL, datenew DATETIME NOT NULL, attributes MEDIUMBLOB, person varchar(255), FOREIGN KEY (money) REFERENCES closedcash (money));
CREATE INDEX receipts_money ON receipts (money);
CREATE TABLE tickets (id varchar(255) PRIMARY KEY, tickettype int NOT NULL DEFAULT 0, ticketid int NOT NULL, person varchar(255) NOT NULL, customer varchar(255), status int NOT NULL DEFAULT 0);
CREATE TABLE ticketlines (ticket varchar(255) NOT NULL, line int NOT NULL, product varchar(255), units DOUBLE NOT NULL, price DOUBLE NOT NULL, taxid varchar(255) NOT NULL, attributes MEDIUMBLOB, PRIMARY KEY (ticket, line));
CREATE TABLE taxlines (id varchar(255) PRIMARY KEY, receipt varchar(255) NOT NULL, taxid varchar(255) NOT NULL, base DOUBLE NOT NULL, amount DOUBLE NOT NULL);
CREATE INDEX taxlines_receipt ON taxlines (receipt);
CREATE TABLE payments (id varchar(255) PRIMARY KEY, receipt varchar(255) NOT NULL, payment varchar(255) NOT NULL, total DOUBLE NOT NULL DEFAULT 0, tip DOUBLE DEFAULT 0, notes varchar(255), tendered DOUBLE, cardname varchar(255), voucher varchar(255));
CREATE INDEX payments_receipt ON payments (receipt);
