-- The header fields that lists of messages show, as they stand in the message. Absent: larger than is worth keeping, or
-- filed before this table was there; then they are read from the message.
CREATE TABLE listed_fields (
    content BIGINT PRIMARY KEY,
    fields @BYTES@ NOT NULL
);
