-- What is asked of the workers. Who may work on a job just now is said by its delivery, the number of a job of
-- procrastinate: whoever holds another number was replaced, and must not write.
CREATE TABLE pagesight_jobs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    library    text NOT NULL,                                                   -- which index
    doc        text NOT NULL,                                                   -- hash of the file's bytes
    name       text NOT NULL,
    collection text NOT NULL DEFAULT '',                                        -- to put the document into
    priority   integer NOT NULL DEFAULT 0,
    parent     bigint REFERENCES pagesight_jobs ON DELETE CASCADE,              -- of a range of pages: its document
    first      integer NOT NULL DEFAULT 0,
    last       integer NOT NULL DEFAULT 0,
    state      text NOT NULL DEFAULT 'waiting'
               CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    delivery   bigint,                                                          -- NULL while its ranges are read
    due        timestamptz,                                                     -- not before, after a failure
    tries      integer NOT NULL DEFAULT 0,                                      -- that failed
    stage      text NOT NULL DEFAULT '',
    done       integer NOT NULL DEFAULT 0,
    total      integer NOT NULL DEFAULT 0,
    reason     text NOT NULL DEFAULT '',                                        -- of the latest failure, or a remark
    worker     text NOT NULL DEFAULT '',                                        -- host and process
    made       timestamptz NOT NULL DEFAULT now(),
    changed    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX pagesight_jobs_document ON pagesight_jobs (library, doc) WHERE parent IS NULL;
CREATE INDEX pagesight_jobs_parent ON pagesight_jobs (parent);
CREATE INDEX pagesight_jobs_delivery ON pagesight_jobs (delivery);
CREATE INDEX pagesight_jobs_state ON pagesight_jobs (library, state) WHERE parent IS NULL;
CREATE TABLE pagesight_about (procrastinate text NOT NULL);
