-- How often the message after last_uid could not be recorded: it is tried again before it is stepped over.

ALTER TABLE mailbox_folders ADD COLUMN tries BIGINT NOT NULL DEFAULT 0;
