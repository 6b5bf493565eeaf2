-- OAuth 2.0. Clients register themselves and hold no secret.
CREATE TABLE oauth_client (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- Separated by line feeds.
    redirect_uris TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX oauth_client_used ON oauth_client (last_used_at);

-- What a person allowed a client. Like a credential, it belongs to a mailbox whose kind is 'user'.
CREATE TABLE oauth_grant (
    id @ID@,
    mailbox BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
    client TEXT NOT NULL,
    -- As the client was called then.
    client_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    -- The epoch of the account's credentials when it was given.
    epoch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Null: no token was taken yet.
    last_used_at BIGINT,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (mailbox, kind) REFERENCES mailbox (id, kind)
);
CREATE INDEX oauth_grant_of ON oauth_grant (mailbox);
CREATE INDEX oauth_grant_expires ON oauth_grant (expires_at);

CREATE TABLE oauth_token (
    -- Hex SHA-256.
    hash TEXT PRIMARY KEY,
    grant_id BIGINT NOT NULL REFERENCES oauth_grant (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('code', 'access', 'refresh')),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- A code or a refresh token that was used is kept, to notice when it comes again.
    used_at BIGINT,
    -- Of a code: where it was sent, and the challenge that its taker must meet.
    redirect_uri TEXT,
    challenge TEXT
);
CREATE INDEX oauth_token_grant ON oauth_token (grant_id);
CREATE INDEX oauth_token_expires ON oauth_token (expires_at);

-- Devices without a browser that wait for somebody to allow them elsewhere.
CREATE TABLE oauth_device (
    -- Hex SHA-256 of the device code.
    hash TEXT PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    client TEXT NOT NULL,
    client_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    polled_at BIGINT,
    -- The grant once it was allowed; 0: denied.
    grant_id BIGINT
);
CREATE INDEX oauth_device_expires ON oauth_device (expires_at);
