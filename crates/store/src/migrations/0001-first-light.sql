CREATE TABLE domain (
    id @ID@,
    name TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

CREATE TABLE mailbox (
    id @ID@,
    kind TEXT NOT NULL CHECK (kind IN ('user', 'shared', 'room', 'equipment')),
    name TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    label TEXT NOT NULL UNIQUE,
    -- The label in lower case: two that differ in case only would be one folder on some systems.
    label_key TEXT UNIQUE,
    sent_copy TEXT NOT NULL,
    seen TEXT NOT NULL,
    quota BIGINT,
    privilege TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user' OR privilege = 'user'),
    state_epoch BIGINT NOT NULL,
    -- The version of the organisation in which its credentials last changed: sessions opened before it end.
    credentials_epoch BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    UNIQUE (id, kind)
);

CREATE TABLE address (
    address TEXT PRIMARY KEY,
    mailbox BIGINT NOT NULL REFERENCES mailbox (id),
    domain BIGINT NOT NULL REFERENCES domain (id),
    -- 0 is the default address.
    position BIGINT NOT NULL,
    UNIQUE (mailbox, position)
);

-- A credential belongs to a mailbox whose kind is 'user', and to no other: the pair (mailbox, kind) is a foreign
-- key, so that neither an insert nor a later change of kind can make a credential of anything else.
CREATE TABLE credential (
    id @ID@,
    mailbox BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
    purpose TEXT NOT NULL CHECK (purpose IN ('password', 'application')),
    -- Argon2id in PHC form for a password, hex SHA-256 for an application password.
    hash TEXT NOT NULL,
    -- SCRAM-SHA-256: iterations, salt, StoredKey and ServerKey; for a password only.
    scram TEXT,
    label TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT,
    FOREIGN KEY (mailbox, kind) REFERENCES mailbox (id, kind)
);
CREATE INDEX credential_of ON credential (mailbox, purpose);
CREATE UNIQUE INDEX credential_one_password ON credential (mailbox) WHERE purpose = 'password';
CREATE UNIQUE INDEX credential_application ON credential (hash) WHERE purpose = 'application';

CREATE TABLE role (
    id @ID@,
    role_id TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    privilege TEXT NOT NULL,
    type TEXT NOT NULL,
    made_by TEXT NOT NULL CHECK (made_by IN ('administrator', 'system')),
    created_at BIGINT NOT NULL,
    UNIQUE (id, made_by)
);

INSERT INTO role (id, role_id, description, privilege, type, made_by, created_at)
VALUES (1, 'Administrators', 'Have the console: mailboxes, roles, domains and grants', 'admin', 'security', 'system', 0);

CREATE TABLE role_member (
    role BIGINT NOT NULL REFERENCES role (id),
    person BIGINT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'user' CHECK (kind = 'user'),
    PRIMARY KEY (role, person),
    FOREIGN KEY (person, kind) REFERENCES mailbox (id, kind)
);
CREATE INDEX role_member_person ON role_member (person);

-- grantee: 'person' names a mailbox of kind user, 'role' a role made by an administrator.
-- folder 0 is the whole mailbox.
CREATE TABLE access_grant (
    mailbox BIGINT NOT NULL REFERENCES mailbox (id),
    grantee TEXT NOT NULL CHECK (grantee IN ('person', 'role')),
    grantee_id BIGINT NOT NULL,
    folder BIGINT NOT NULL DEFAULT 0,
    rights BIGINT NOT NULL,
    automap BIGINT NOT NULL,
    origin TEXT NOT NULL,
    person BIGINT,
    person_kind TEXT CHECK (person_kind = 'user'),
    role BIGINT,
    role_made_by TEXT CHECK (role_made_by = 'administrator'),
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, grantee, grantee_id, folder),
    FOREIGN KEY (person, person_kind) REFERENCES mailbox (id, kind),
    FOREIGN KEY (role, role_made_by) REFERENCES role (id, made_by),
    CHECK ((grantee = 'person' AND person = grantee_id AND person_kind IS NOT NULL AND role IS NULL)
        OR (grantee = 'role' AND role = grantee_id AND role_made_by IS NOT NULL AND person IS NULL))
);
CREATE INDEX access_grant_person ON access_grant (person);
CREATE INDEX access_grant_role ON access_grant (role);

-- Small facts of the whole installation: the plan, keys of the blob hash, the version of the organisation.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The counter that orders every change in a mailbox, and what is counted with it. Locked first by every write.
CREATE TABLE clock (
    mailbox BIGINT PRIMARY KEY REFERENCES mailbox (id),
    modseq BIGINT NOT NULL,
    next_email BIGINT NOT NULL,
    next_folder BIGINT NOT NULL,
    -- Full size of every email in the mailbox, each counted once.
    used BIGINT NOT NULL
);

CREATE TABLE folder (
    mailbox BIGINT NOT NULL,
    id BIGINT NOT NULL,
    -- 0: at the top.
    parent BIGINT NOT NULL,
    name TEXT NOT NULL,
    special_use TEXT,
    uidvalidity BIGINT NOT NULL,
    uidnext BIGINT NOT NULL,
    -- UIDs from here on are \Recent (RFC 3501).
    first_recent BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    created_modseq BIGINT NOT NULL,
    PRIMARY KEY (mailbox, id),
    UNIQUE (mailbox, parent, name)
) @CLUSTERED@;

CREATE TABLE subscription (
    mailbox BIGINT NOT NULL,
    person BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    subscribed BIGINT NOT NULL,
    PRIMARY KEY (mailbox, person, folder)
) @CLUSTERED@;

-- Content is stored once for the whole installation. Integer ids grow in order of arrival.
CREATE TABLE content (
    id @ID@,
    -- Keyed, so that nobody can tell from outside whether something is stored; 16 octets.
    hash @BYTES@ NOT NULL UNIQUE,
    -- Octets of the content itself, and how it is kept: 0 plain, 1 LZ4, 2 LZ4 in the object store.
    size BIGINT NOT NULL,
    encoding BIGINT NOT NULL,
    -- The bytes, or the name of the object.
    data @BYTES@ NOT NULL
);

-- Content that may have lost its last reference, and when; the collector looks at what is older than a day.
CREATE TABLE released (
    content BIGINT PRIMARY KEY,
    at BIGINT NOT NULL
);
CREATE INDEX released_at ON released (at);

-- What was computed once when a message was filed: envelope and structure as the message crate encodes them.
CREATE TABLE summary (
    content BIGINT PRIMARY KEY,
    envelope @BYTES@ NOT NULL,
    structure @BYTES@ NOT NULL,
    preview TEXT NOT NULL,
    base_subject TEXT NOT NULL,
    sent_at BIGINT,
    has_attachment BIGINT NOT NULL,
    -- Hashes of the Message-IDs that it bears (first) and refers to, eight octets each.
    refs @BYTES@ NOT NULL
);

CREATE TABLE email (
    mailbox BIGINT NOT NULL,
    id BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    content BIGINT NOT NULL,
    size BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    flags BIGINT NOT NULL,
    -- Keywords of people's own, sorted, separated by blanks.
    keywords TEXT NOT NULL,
    -- Of the last change of flags or keywords.
    modseq BIGINT NOT NULL,
    created_modseq BIGINT NOT NULL,
    PRIMARY KEY (mailbox, id)
) @CLUSTERED@;
CREATE INDEX email_content ON email (content);

CREATE TABLE placement (
    mailbox BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    email BIGINT NOT NULL,
    -- \Deleted, which belongs to the placement alone.
    deleted BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, folder, uid)
) @CLUSTERED@;
CREATE INDEX placement_email ON placement (mailbox, email, folder);

-- Message-IDs that emails of the mailbox bear or refer to, as 64-bit hashes, and the thread they lead to.
CREATE TABLE reference (
    mailbox BIGINT NOT NULL,
    hash BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    PRIMARY KEY (mailbox, hash)
) @CLUSTERED@;

CREATE TABLE change (
    mailbox BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    -- Orders the rows of one transaction.
    part BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    folder BIGINT,
    email BIGINT,
    uid BIGINT,
    person BIGINT,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, modseq, part)
) @CLUSTERED@;

-- \Seen of each person, in mailboxes where it is personal. Absent: not seen.
CREATE TABLE seen (
    mailbox BIGINT NOT NULL,
    person BIGINT NOT NULL,
    email BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    modseq BIGINT NOT NULL,
    PRIMARY KEY (mailbox, person, email)
) @CLUSTERED@;

-- Copies that the server filed in Sent Items, so that the same message appended by a client is not filed again.
CREATE TABLE sent_copy (
    mailbox BIGINT NOT NULL,
    person BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    uid BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (mailbox, person, message_id)
) @CLUSTERED@;

-- Emails that the search index has not reached yet, in order of arrival.
CREATE TABLE to_index (
    id @ID@,
    mailbox BIGINT NOT NULL,
    email BIGINT NOT NULL
);
CREATE INDEX to_index_of ON to_index (mailbox, email);

CREATE TABLE audit (
    id @ID@,
    at BIGINT NOT NULL,
    mailbox BIGINT,
    -- 'person', 'operator' or 'server', with the person's mailbox.
    who TEXT NOT NULL,
    person BIGINT,
    door TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_of ON audit (mailbox, id);
