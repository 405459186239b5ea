import { randomUUID } from "node:crypto";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { StartError } from "../common/start-error.ts";

/** Where the agent notes its starts; conversations have their own encrypted file beside it. */
const fileName = "agent-instance.db3";

/**
 * The agent's data volume, held for this process alone (WS-SVC-01, WS-CFG-05). SQLite keeps the exclusive lock of the
 * operating system on a small file of ours until the process ends, however it ends. The file with the conversations
 * stays free of that lock, so that it can be copied while the agent runs.
 */
export class DataVolume {
  /** How often an agent has been started on this volume, this time included. */
  readonly starts: number;

  readonly #directory: string;
  readonly #database: DatabaseSync;

  private constructor(directory: string, database: DatabaseSync, starts: number) {
    this.#directory = directory;
    this.#database = database;
    this.starts = starts;
  }

  /**
   * Takes the volume and notes the start.
   *
   * @throws StartError when another agent holds the volume or it cannot be written
   */
  static open(directory: string, instance: string): DataVolume {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(join(directory, fileName));
      database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE");
      database.exec(
        `CREATE TABLE IF NOT EXISTS starts (id TEXT PRIMARY KEY, instance TEXT NOT NULL, started_at TEXT NOT NULL);
         CREATE TABLE IF NOT EXISTS checks (id INTEGER PRIMARY KEY CHECK (id = 1), checked_at TEXT NOT NULL)`,
      );
      const insert = database.prepare("INSERT INTO starts (id, instance, started_at) VALUES (?, ?, ?)");
      insert.run(randomUUID(), instance, new Date().toISOString());
      const row = database.prepare("SELECT count(*) AS count FROM starts").get();
      database.exec("COMMIT");
      return new DataVolume(directory, database, Number(row?.["count"]));
    } catch (error) {
      database?.close();
      throw new StartError(refusal(directory, error), { cause: error });
    }
  }

  /** Writes to the volume and fails when that is not possible. */
  check(): void {
    const now = new Date().toISOString();
    this.#database.prepare("INSERT OR REPLACE INTO checks (id, checked_at) VALUES (1, ?)").run(now);
  }

  /** Bytes of the volume: all of them, and those that this process may still use (WS-MET-15). */
  async space(): Promise<{ total: number; free: number }> {
    const { blocks, bavail, bsize } = await statfs(this.#directory);
    return { total: blocks * bsize, free: bavail * bsize };
  }

  /** Gives the volume back. */
  close(): void {
    this.#database.close();
  }
}

function refusal(directory: string, error: unknown): string {
  const { errcode, message } = error as { errcode?: number; message: string };
  const busy = 5;
  return errcode === busy
    ? `another agent holds the data volume ${directory}; two agents never share one volume, so stop the other one first.`
    : `the data volume ${directory} cannot be used (${message}); RAILWAY_VOLUME_MOUNT_PATH must name a folder that this process may write.`;
}
