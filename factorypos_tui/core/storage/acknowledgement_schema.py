"""What FactoryCLOUD signed of a delivered Z, and its public keys. A key that a signature names is here from
then on; its document comes later."""

ACKNOWLEDGEMENTS = """
    CREATE TABLE acknowledgement (
        shipment_id INTEGER PRIMARY KEY REFERENCES shipment (id),
        key_id TEXT NOT NULL,
        document BLOB NOT NULL
    );

    CREATE TABLE cloud_key (
        key_id TEXT PRIMARY KEY,
        document TEXT
    ) WITHOUT ROWID;
    """
