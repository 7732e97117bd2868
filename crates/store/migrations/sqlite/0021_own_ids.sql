-- Our own Message-IDs begin with the email's id and its send number: nobody need look them up.
CREATE TABLE sent_messages_by_number (
    workspace_id BLOB NOT NULL,
    email_id BLOB NOT NULL,
    send_number INTEGER NOT NULL,
    message_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    html BLOB NOT NULL,
    from_name TEXT NOT NULL,
    from_address TEXT NOT NULL,
    at INTEGER NOT NULL,
    is_difference BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (workspace_id, email_id, send_number)
);
INSERT INTO sent_messages_by_number (
    workspace_id, email_id, send_number, message_id, subject, html, from_name, from_address, at, is_difference
)
    SELECT workspace_id, email_id, send_number, message_id, subject, html, from_name, from_address, at, is_difference
    FROM sent_messages;
DROP TABLE sent_messages;
ALTER TABLE sent_messages_by_number RENAME TO sent_messages;
