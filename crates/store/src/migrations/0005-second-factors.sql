-- The second factor of a user: the secret shared with an authenticator app, sealed with the installation's key.
CREATE TABLE second_factor (
    mailbox BIGINT PRIMARY KEY,
    kind TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
    secret @BYTES@ NOT NULL,
    created_at BIGINT NOT NULL,
    -- Null: the app has not shown its first code yet, and sign-ins do not ask for one.
    confirmed_at BIGINT,
    -- The time step of the last code that was taken; none is taken twice.
    last_step BIGINT NOT NULL,
    FOREIGN KEY (mailbox, kind) REFERENCES mailbox (id, kind)
);

-- Each opens once in place of a code. Hex SHA-256.
CREATE TABLE recovery_code (
    mailbox BIGINT NOT NULL REFERENCES second_factor (mailbox),
    hash TEXT NOT NULL,
    PRIMARY KEY (mailbox, hash)
);
