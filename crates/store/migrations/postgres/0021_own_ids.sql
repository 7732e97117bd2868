-- Our own Message-IDs begin with the email's id and its send number: nobody need look them up.
ALTER TABLE sent_messages DROP CONSTRAINT sent_messages_workspace_id_message_id_key;
