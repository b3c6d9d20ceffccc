-- One line of a service's journal: what it was asked, under which key, and what came of it.
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    key TEXT NOT NULL,
    order_number TEXT NOT NULL,
    effect TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    answer TEXT NOT NULL DEFAULT '',
    UNIQUE (service, key, order_number, effect)
);
-- The promise itself: a service accepts a key once.
CREATE UNIQUE INDEX IF NOT EXISTS entry_accepted_once ON entry (service, key) WHERE accepted = 1;
CREATE INDEX IF NOT EXISTS entry_order ON entry (order_number);
CREATE INDEX IF NOT EXISTS entry_last ON entry (last_at);

CREATE TABLE IF NOT EXISTS fault (
    service TEXT PRIMARY KEY,
    mode TEXT NOT NULL,
    rate INTEGER NOT NULL,
    until REAL
);

-- The payment provider's objects (intents, charges, refunds, events) as it shows them.
CREATE TABLE IF NOT EXISTS payment_object (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_object_kind ON payment_object (kind, seq);

CREATE TABLE IF NOT EXISTS payment_answer (
    key TEXT PRIMARY KEY,
    path TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL
);

-- Events that the shop's webhook has not acknowledged yet.
CREATE TABLE IF NOT EXISTS payment_delivery (
    event_id TEXT PRIMARY KEY,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS payment_delivery_due ON payment_delivery (next_at);

-- Refunds that are to end otherwise a little later. `key` is that of their line in the journal.
CREATE TABLE IF NOT EXISTS payment_turn (
    refund_id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    status TEXT NOT NULL,
    made REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY,
    message_id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    attachments TEXT NOT NULL,
    size INTEGER NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 1,
    received_at TEXT NOT NULL
);
-- Apart from `message`, so that the list never reads attachments.
CREATE TABLE IF NOT EXISTS message_source (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    raw BLOB NOT NULL
);

-- What suppliers tell of their parcels: planned with the reservation. `told`: delivered, or never to
-- be; `happens`: from when the supplier answers with it when it is asked.
CREATE TABLE IF NOT EXISTS shipping_tale (
    id INTEGER PRIMARY KEY,
    service TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    happens REAL NOT NULL,
    next_at REAL NOT NULL,
    forged INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    told INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS shipping_tale_due ON shipping_tale (next_at) WHERE told = 0;
CREATE INDEX IF NOT EXISTS shipping_tale_order ON shipping_tale (service, order_ref);
-- SMS as they were taken.
CREATE TABLE IF NOT EXISTS sms (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL,
    sender TEXT NOT NULL,
    words TEXT NOT NULL,
    received_at TEXT NOT NULL
);
