-- The keys that seal secrets and links stand in a file outside: here is what they are recognised by, so that no server works
-- with others.

CREATE TABLE key_fingerprints (
    ring TEXT NOT NULL, -- secrets, tracking
    key_id BIGINT NOT NULL, -- its number in the ring
    fingerprint TEXT NOT NULL,
    PRIMARY KEY (ring, key_id)
);
