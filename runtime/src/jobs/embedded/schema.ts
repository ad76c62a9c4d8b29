import { callerLength } from '../../idempotency/answer-id';
import { answerOverhead } from '../../idempotency/answer-store';

/** Whose an answer is: see `answerId`. */
const caller = (row: 'new' | 'old'): string => `substr(${row}.id, 1, ${callerLength})`;
const size = (row: 'new' | 'old' | 'answer'): string => `length(${row}.bytes) + ${answerOverhead}`;

/**
 * Tables of the embedded store. `seq` is the order of arrival. Bodies stand apart, so that looking
 * through jobs does not read them. `answered` is what the answers of each caller take.
 */
export const schema = `
  CREATE TABLE IF NOT EXISTS job (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    caller TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    request TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    callback TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    expires_at INTEGER,
    not_before INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    progress TEXT,
    failure TEXT,
    delivery TEXT,
    deliver_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS job_queue ON job (attempts, seq) WHERE state = 'queued';
  CREATE INDEX IF NOT EXISTS job_caller ON job (caller, seq);
  CREATE INDEX IF NOT EXISTS job_expiry ON job (expires_at) WHERE expires_at IS NOT NULL;
  CREATE INDEX IF NOT EXISTS job_delivery ON job (deliver_at) WHERE deliver_at IS NOT NULL;

  CREATE TABLE IF NOT EXISTS body (
    id TEXT NOT NULL,
    part TEXT NOT NULL,
    head TEXT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, part)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS answer (
    id TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    bytes BLOB,
    expires_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS answer_expiry ON answer (expires_at);

  CREATE TABLE IF NOT EXISTS used (bytes INTEGER NOT NULL) STRICT;
  INSERT INTO used SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM used);
  CREATE TRIGGER IF NOT EXISTS body_added AFTER INSERT ON body BEGIN
    UPDATE used SET bytes = bytes + length(new.bytes) + length(new.head);
  END;
  CREATE TRIGGER IF NOT EXISTS body_removed AFTER DELETE ON body BEGIN
    UPDATE used SET bytes = bytes - length(old.bytes) - length(old.head);
  END;
  CREATE TRIGGER IF NOT EXISTS answer_kept AFTER UPDATE ON answer BEGIN
    UPDATE used SET bytes = bytes + ifnull(length(new.bytes), 0) - ifnull(length(old.bytes), 0);
  END;
  CREATE TRIGGER IF NOT EXISTS answer_removed AFTER DELETE ON answer BEGIN
    UPDATE used SET bytes = bytes - ifnull(length(old.bytes), 0);
  END;
  CREATE TRIGGER IF NOT EXISTS job_added AFTER INSERT ON job BEGIN
    UPDATE used SET bytes = bytes + length(new.request) + 512;
  END;
  CREATE TRIGGER IF NOT EXISTS job_removed AFTER DELETE ON job BEGIN
    UPDATE used SET bytes = bytes - length(old.request) - 512;
  END;

  CREATE TABLE IF NOT EXISTS answered (caller TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS answered_bytes ON answered (bytes);
  INSERT INTO answered
    SELECT substr(id, 1, ${callerLength}), sum(${size('answer')}) FROM answer
    WHERE bytes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM answered) GROUP BY 1;
  CREATE TRIGGER IF NOT EXISTS answer_counted AFTER UPDATE ON answer
  WHEN old.bytes IS NULL AND new.bytes IS NOT NULL BEGIN
    INSERT INTO answered VALUES (${caller('new')}, ${size('new')})
      ON CONFLICT (caller) DO UPDATE SET bytes = bytes + excluded.bytes;
  END;
  CREATE TRIGGER IF NOT EXISTS answer_uncounted AFTER DELETE ON answer
  WHEN old.bytes IS NOT NULL BEGIN
    UPDATE answered SET bytes = bytes - (${size('old')}) WHERE caller = ${caller('old')};
    DELETE FROM answered WHERE caller = ${caller('old')} AND bytes <= 0;
  END;
`;
