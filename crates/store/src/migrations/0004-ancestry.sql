-- What THREAD needs beside the hashes in refs: whether the first is the message's own Message-ID, how many of the
-- following say where it stands (those of References, else the first of In-Reply-To), and whether the subject says
-- that it answers or forwards something.
ALTER TABLE summary ADD COLUMN bears_id BIGINT NOT NULL DEFAULT 1;
ALTER TABLE summary ADD COLUMN ancestors BIGINT NOT NULL DEFAULT 64;
ALTER TABLE summary ADD COLUMN is_reply BIGINT NOT NULL DEFAULT 0;
