-- Messages on their way to other servers, and those that are held. Kept for a while after they are finished, so that
-- people can see what became of them.
CREATE TABLE queue_message (
    id @ID@,
    -- As the Received field and the answer to the sender name it.
    name TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL CHECK (origin IN ('person', 'report', 'forward')),
    -- The mailbox in From, and the person who sent; a report has neither.
    mailbox BIGINT,
    person BIGINT,
    -- NULL once nothing will be sent any more.
    content BIGINT,
    size BIGINT NOT NULL,
    -- Empty: the null sender.
    envelope_from TEXT NOT NULL,
    -- The address in From: route and signature follow its domain.
    from_address TEXT NOT NULL,
    message_id TEXT NOT NULL,
    utf8 BIGINT NOT NULL,
    -- RFC 3461: 'full' or 'headers', and the sender's own identifier.
    ret TEXT,
    envelope_id TEXT,
    -- What the door that took the message wants to find again.
    note TEXT,
    created_at BIGINT NOT NULL,
    -- NULL: not held, or not any more.
    hold_until BIGINT,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX queue_held ON queue_message (hold_until) WHERE hold_until IS NOT NULL;
CREATE INDEX queue_finished ON queue_message (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX queue_content ON queue_message (content) WHERE content IS NOT NULL;
CREATE INDEX queue_of ON queue_message (mailbox, id);

CREATE TABLE queue_recipient (
    message BIGINT NOT NULL,
    position BIGINT NOT NULL,
    address TEXT NOT NULL,
    -- RFC 3461: the original recipient, and when to report (bits: 1 success, 2 failure, 4 delay).
    original TEXT,
    notify BIGINT,
    state TEXT NOT NULL,
    -- Messages of one lane share connections and limits: a recipient's domain, or a smart host.
    lane TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    -- The next attempt; while one is under way, when its lease ends. NULL: nothing will happen by itself.
    next_at BIGINT,
    -- Which process works on it.
    leased_by BIGINT,
    -- The last answer in the words of the other server, and when it came.
    answer TEXT NOT NULL,
    answered_at BIGINT,
    -- Whether the sender was told of the delay.
    delay_told BIGINT NOT NULL,
    PRIMARY KEY (message, position)
) @CLUSTERED@;
CREATE INDEX queue_due ON queue_recipient (next_at) WHERE next_at IS NOT NULL;

-- What happened, for people.
CREATE TABLE queue_log (
    id @ID@,
    message BIGINT NOT NULL,
    at BIGINT NOT NULL,
    -- NULL: about the whole message.
    position BIGINT,
    text TEXT NOT NULL
);
CREATE INDEX queue_log_of ON queue_log (message, id);

-- The copies in Outbox and Sent Items that show the state of a message.
CREATE TABLE queue_copy (
    message BIGINT NOT NULL,
    mailbox BIGINT NOT NULL,
    email BIGINT NOT NULL,
    PRIMARY KEY (message, mailbox)
) @CLUSTERED@;
CREATE INDEX queue_copy_of ON queue_copy (mailbox, email);

-- The ways that mail leaves by: one for each domain of ours, and exceptions from them in order of position.
CREATE TABLE route (
    id @ID@,
    -- NULL: an exception.
    domain BIGINT UNIQUE REFERENCES domain (id),
    position BIGINT NOT NULL,
    -- What an exception is for; NULL: any.
    sender BIGINT REFERENCES mailbox (id),
    recipient TEXT,
    mode TEXT NOT NULL CHECK (mode IN ('direct', 'smart_host')),
    host TEXT,
    port BIGINT,
    encryption TEXT,
    username TEXT,
    -- Sealed; and the variable that the organisation file took it from.
    secret @BYTES@,
    secret_env TEXT,
    mechanism TEXT
);

-- Keys that sign mail from a domain.
CREATE TABLE dkim_key (
    id @ID@,
    domain BIGINT NOT NULL REFERENCES domain (id),
    selector TEXT NOT NULL,
    algorithm TEXT NOT NULL CHECK (algorithm IN ('rsa', 'ed25519')),
    -- PKCS#8, sealed.
    private_key @BYTES@ NOT NULL,
    -- As the DNS record has it.
    public_key TEXT NOT NULL,
    -- Whether mail is signed with it.
    active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (domain, selector)
);
