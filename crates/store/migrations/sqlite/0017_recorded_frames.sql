-- Views and clicks are kept in files until they are recorded, in numbered frames. Which of them are recorded is noted with
-- what they hold: after a kill some are read again.

CREATE TABLE recorded_frames (
    workspace_id BLOB NOT NULL,
    node_id BLOB NOT NULL, -- whose frames
    frame INTEGER NOT NULL, -- the newest that is recorded; those before it are too
    at INTEGER NOT NULL, -- when
    PRIMARY KEY (workspace_id, node_id),
    FOREIGN KEY (workspace_id) REFERENCES workspaces (id)
);
