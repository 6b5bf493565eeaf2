-- Of Placed and Removed: the thread of the email. `value`: see model::Change.
ALTER TABLE change ADD COLUMN thread BIGINT;
ALTER TABLE change ADD COLUMN value BIGINT;

-- Gives out ids for what is neither email nor folder: uploads, identities, submissions.
ALTER TABLE clock ADD COLUMN next_object BIGINT NOT NULL DEFAULT 1;

ALTER TABLE folder ADD COLUMN sort_order BIGINT NOT NULL DEFAULT 0;

-- Bytes that a person has uploaded and not used yet; a day later they are forgotten.
CREATE TABLE upload (
    mailbox BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    content BIGINT NOT NULL,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, id)
) @CLUSTERED@;
CREATE INDEX upload_content ON upload (content);
CREATE INDEX upload_at ON upload (at);

-- What a person has said about the addresses that they may send from, in their own account and in shared ones.
CREATE TABLE identity (
    mailbox BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    address TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The person chose the name; otherwise it follows the mailbox.
    own_name BIGINT NOT NULL,
    -- JSON arrays of addresses, or empty.
    reply_to TEXT NOT NULL,
    bcc TEXT NOT NULL,
    text_signature TEXT NOT NULL,
    html_signature TEXT NOT NULL,
    PRIMARY KEY (mailbox, id)
) @CLUSTERED@;
CREATE INDEX identity_of ON identity (mailbox, person);

-- The automatic reply of a mailbox (RFC 8621 section 8). No row: none was ever set up.
CREATE TABLE vacation (
    mailbox BIGINT PRIMARY KEY,
    enabled BIGINT NOT NULL,
    from_date BIGINT,
    to_date BIGINT,
    subject TEXT,
    text_body TEXT,
    html_body TEXT
);

-- Who was answered, so that nobody is answered twice within days (RFC 3834 section 2). `sender`: a hash.
CREATE TABLE vacation_answer (
    mailbox BIGINT NOT NULL,
    sender BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, sender)
) @CLUSTERED@;
CREATE INDEX vacation_answer_at ON vacation_answer (at);

-- What people have sent through JMAP (RFC 8621 section 7), until they remove it.
CREATE TABLE submission (
    mailbox BIGINT NOT NULL,
    id BIGINT NOT NULL,
    person BIGINT NOT NULL,
    identity BIGINT NOT NULL,
    email BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    -- As the message is named in trace fields and in the queue.
    name TEXT NOT NULL,
    -- In the words of the door that took it.
    envelope TEXT NOT NULL,
    send_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, id)
) @CLUSTERED@;
CREATE INDEX submission_of ON submission (mailbox, person);
