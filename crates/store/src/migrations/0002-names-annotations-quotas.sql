-- Names that a person subscribes to although no folder bears them. Mailbox 0: the path is the whole name.
CREATE TABLE subscribed_name (
    person BIGINT NOT NULL,
    mailbox BIGINT NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (person, mailbox, path)
) @CLUSTERED@;

-- Folder 0: of the server. Person 0: shared.
CREATE TABLE annotation (
    mailbox BIGINT NOT NULL,
    folder BIGINT NOT NULL,
    person BIGINT NOT NULL,
    entry TEXT NOT NULL,
    value @BYTES@ NOT NULL,
    PRIMARY KEY (mailbox, folder, person, entry)
) @CLUSTERED@;
CREATE INDEX annotation_person ON annotation (person);

-- How many emails the mailbox may hold; absent: no limit. And how many it does.
ALTER TABLE mailbox ADD COLUMN message_quota BIGINT;
ALTER TABLE clock ADD COLUMN messages BIGINT NOT NULL DEFAULT 0;
UPDATE clock SET messages = (SELECT COUNT(*) FROM email WHERE email.mailbox = clock.mailbox);

-- The one mailbox that an application password opens; absent: whatever the person may open.
ALTER TABLE credential ADD COLUMN only_mailbox BIGINT;
