-- History is read email by email, never by the id of an event: one index instead of two. It is written and removed together
-- with its email, so nobody need look the email up again for each event.
ALTER TABLE events DROP CONSTRAINT events_pkey;
ALTER TABLE events ADD PRIMARY KEY (workspace_id, email_id, at, id);
DROP INDEX events_of_email;
ALTER TABLE events DROP CONSTRAINT events_workspace_id_email_id_fkey;

-- (Attempts are nothing but their key as well. Here there is no table without rows of its own.)

-- The outcome of a recipient changes twice for each email: it stands in no index.
DROP INDEX recipients_copies_waiting;
CREATE INDEX recipients_copies ON recipients (workspace_id, email_id) WHERE kind <> 'to';

-- Room beside each row for what it becomes, so that a change that concerns no index writes to none.
ALTER TABLE emails SET (fillfactor = 70);
ALTER TABLE recipients SET (fillfactor = 50);
