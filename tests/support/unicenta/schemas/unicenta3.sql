-- The tables that a closed day is made of, as Openbravo POS 2.30 and uniCenta 3 make them in MySQL.
CREATE TABLE APPLICATIONS (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL, version varchar(255) NOT NULL);
CREATE TABLE TAXCATEGORIES (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL);
CREATE TABLE TAXES (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, category varchar(255) NOT NULL, custcategory varchar(255), parentid varchar(255), rate DOUBLE NOT NULL, ratecascade BIT(1) NOT NULL, rateorder int);
CREATE TABLE CATEGORIES (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, parentid varchar(255));
CREATE TABLE PRODUCTS (id varchar(255) NOT NULL PRIMARY KEY, reference varchar(255) NOT NULL UNIQUE, code varchar(255) NOT NULL UNIQUE, name varchar(255) NOT NULL UNIQUE, pricesell DOUBLE NOT NULL, category varchar(255) NOT NULL, taxcat varchar(255) NOT NULL, isvprice BIT(1) NOT NULL);
CREATE TABLE PRODUCTS_CAT (product varchar(255) NOT NULL PRIMARY KEY, catorder int);
CREATE TABLE PEOPLE (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL UNIQUE, apppassword varchar(255), card varchar(255), role varchar(255) NOT NULL, visible BIT(1) NOT NULL);
CREATE TABLE CLOSEDCASH (money varchar(255) NOT NULL PRIMARY KEY, host varchar(255) NOT NULL, hostsequence int NOT NULL, datestart DATETIME NOT NULL, dateend DATETIME NULL, UNIQUE (host, hostsequence));
CREATE TABLE RECEIPTS (id varchar(255) NOT NULL PRIMARY KEY, money varchar(255) NOT NULL, datenew DATETIME NOT NULL, attributes MEDIUMBLOB, person varchar(255), FOREIGN KEY (money) REFERENCES CLOSEDCASH (money));
CREATE INDEX receipts_inx_1 ON RECEIPTS (datenew);
CREATE INDEX receipts_money ON RECEIPTS (money);
CREATE TABLE TICKETS (id varchar(255) NOT NULL PRIMARY KEY, tickettype int NOT NULL DEFAULT 0, ticketid int NOT NULL, person varchar(255) NOT NULL, customer varchar(255), status int NOT NULL DEFAULT 0);
CREATE TABLE TICKETLINES (ticket varchar(255) NOT NULL, line int NOT NULL, product varchar(255), units DOUBLE NOT NULL, price DOUBLE NOT NULL, taxid varchar(255) NOT NULL, attributes MEDIUMBLOB, PRIMARY KEY (ticket, line));
CREATE TABLE TAXLINES (id varchar(255) NOT NULL PRIMARY KEY, receipt varchar(255) NOT NULL, taxid varchar(255) NOT NULL, base DOUBLE NOT NULL, amount DOUBLE NOT NULL);
CREATE INDEX taxlines_receipt ON TAXLINES (receipt);
CREATE TABLE PAYMENTS (id varchar(255) NOT NULL PRIMARY KEY, receipt varchar(255) NOT NULL, payment varchar(255) NOT NULL, total DOUBLE NOT NULL DEFAULT 0, returnmsg MEDIUMBLOB);
CREATE INDEX payments_receipt ON PAYMENTS (receipt);
CREATE TABLE SHAREDTICKETS (id varchar(255) NOT NULL PRIMARY KEY, name varchar(255) NOT NULL, content MEDIUMBLOB);
