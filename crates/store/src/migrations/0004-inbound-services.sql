-- IMAP and POP3 accounts elsewhere whose Inbox is moved into a mailbox.
CREATE TABLE inbound_service (
    id @ID@,
    mailbox BIGINT NOT NULL REFERENCES mailbox (id),
    protocol TEXT NOT NULL CHECK (protocol IN ('imap', 'pop3')),
    server TEXT NOT NULL,
    port BIGINT NOT NULL,
    encryption TEXT NOT NULL CHECK (encryption IN ('tls', 'starttls', 'none')),
    username TEXT NOT NULL,
    -- How tokens are got, as JSON without secrets; empty: a password.
    oauth TEXT NOT NULL DEFAULT '',
    -- Sealed for this row; empty: none was given yet.
    secret @BYTES@ NOT NULL,
    after_fetch TEXT NOT NULL CHECK (after_fetch IN ('delete', 'keep', 'move')),
    -- The folder there that messages are moved to.
    move_to TEXT NOT NULL DEFAULT '',
    enabled BIGINT NOT NULL,
    -- Made by somebody who is no administrator: it reaches no private address.
    public_only BIGINT NOT NULL,
    origin TEXT NOT NULL,
    -- Counts changes, so that whoever runs it takes them up.
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (mailbox, protocol, server, username)
);

-- How a service fares, and which node runs it.
CREATE TABLE inbound_state (
    service BIGINT PRIMARY KEY,
    holder TEXT NOT NULL DEFAULT '',
    held_until BIGINT NOT NULL DEFAULT 0,
    last_try_at BIGINT,
    last_success_at BIGINT,
    next_try_at BIGINT,
    -- Since when every try failed, and why the last one did, in the server's own words.
    failing_since BIGINT,
    error TEXT NOT NULL DEFAULT '',
    -- What stays there and why, where that is no failure.
    note TEXT NOT NULL DEFAULT '',
    moved BIGINT NOT NULL DEFAULT 0,
    alerted_at BIGINT
);

-- Messages of a remote Inbox that are here, until they are known to be gone there.
CREATE TABLE inbound_key (
    mailbox BIGINT NOT NULL,
    service BIGINT NOT NULL,
    -- UIDVALIDITY; empty for POP3 and for servers whose numbers do not last.
    scope TEXT NOT NULL,
    -- UID or UIDL; where neither lasts, a number of our own.
    key TEXT NOT NULL,
    -- The first 16 octets of the SHA-256 of the message.
    hash @BYTES@ NOT NULL,
    -- 1: filed here; 2: cannot be taken, see note.
    state BIGINT NOT NULL,
    size BIGINT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, service, scope, key)
) @CLUSTERED@;
CREATE INDEX inbound_key_hash ON inbound_key (mailbox, service, hash);

-- Messages that were imported from files: where each stood there.
CREATE TABLE import_item (
    mailbox BIGINT NOT NULL,
    source TEXT NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY (mailbox, source, item)
) @CLUSTERED@;
