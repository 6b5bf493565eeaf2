-- Browsers that are signed in. Like a credential, a session belongs to a mailbox whose kind is 'user'.
CREATE TABLE web_session (
    id @ID@,
    mailbox BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
    -- Hex SHA-256 of the random token in the cookie.
    hash TEXT NOT NULL UNIQUE,
    -- The epoch of the account's credentials when the session began.
    epoch BIGINT NOT NULL,
    door TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    -- Moves with use, never past expires_at.
    ends_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (mailbox, kind) REFERENCES mailbox (id, kind)
);
CREATE INDEX web_session_of ON web_session (mailbox);
CREATE INDEX web_session_ends ON web_session (ends_at);
