/**
 * Keeps the data keys: secrets of 256 bits in the table `data_keys`, each encrypted by the server's secrets (`store/stored-secrets.ts`). The newest one that is in
 * force encrypts. A new one comes into force after a time in which every control process has read it; an old one is deleted when no value needs it.
 */
import type { Logger } from "../../../platform/log.ts";
import { SecretBox } from "../../../platform/secret-box.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { StoreError } from "../../../platform/store/store.ts";
import type { Progress } from "../store/encryption-tables.ts";
import type { StoredSecrets } from "../store/stored-secrets.ts";
import type { Database, Db } from "../store/tables.ts";

export type DataKey = {
  /** As encrypted values name it. */
  readonly name: string;
  readonly secret: string;
  readonly createdAt: Date;
  readonly activeAt: Date;
  /** When every value was encrypted by it, and older keys were destroyed; null: not yet. */
  readonly finishedAt: Date | null;
  readonly progress: Progress | null;
  /** What the wrapped key begins with: which of the server's secrets encrypted it. */
  readonly wrappedBy: string;
};

export type DataKeysOptions = {
  /** Without the plugin that these keys are for. */
  readonly db: Database;
  readonly storedSecrets: StoredSecrets;
  readonly log: Logger;
  /** So long after it was made a new key comes into force: every other process has read it then. 0: there is no other. */
  readonly spreadMs: number;
};

const POLL_PER_SPREAD = 3;

export class DataKeys {
  readonly box: SecretBox;
  /** Whether this process has seen that all values are encrypted by the current key, since it started: another one may have had other settings before. */
  isVerified = false;
  private readonly options: DataKeysOptions;
  /** The newest first. */
  private keys: readonly DataKey[] = [];
  private loadedAt = { monotonic: Number.NEGATIVE_INFINITY, utc: 0 };
  private timer: NodeJS.Timeout | null = null;

  constructor(options: DataKeysOptions) {
    this.options = options;
    this.box = new SecretBox(() => this.inOrder().map(({ secret }) => secret), "enc2");
  }

  get all(): readonly DataKey[] {
    return this.keys;
  }

  /** The key that encrypts; null: there is none. */
  get current(): DataKey | null {
    const now = Date.now();
    return this.keys.find(({ activeAt }) => activeAt.getTime() <= now) ?? this.keys.at(-1) ?? null;
  }

  has(name: string): boolean {
    return this.keys.some((key) => key.name === name);
  }

  /** Reads the keys. @throws StoreError where the server's secrets decrypt not all of them */
  async load(): Promise<void> {
    const { db, storedSecrets } = this.options;
    const loadedAt = { monotonic: performance.now(), utc: Date.now() };
    const rows = await db.selectFrom("data_keys").selectAll().orderBy("created_at", "desc").orderBy("id").execute();
    this.keys = rows.map(({ id, wrapped, ...row }) => {
      const secret = storedSecrets.decrypt("data_keys", id, wrapped);
      if (secret === null || SecretBox.nameOf(secret) !== id) throw new StoreError(keyMissing(id, wrapped));
      const { created_at: createdAt, active_at: activeAt, finished_at: finishedAt, progress } = row;
      return { name: id, secret, createdAt, activeAt, finishedAt, progress, wrappedBy: secretOfDataKey(wrapped) };
    });
    this.loadedAt = loadedAt;
  }

  /** Makes a key. The first is in force at once. */
  async add(): Promise<void> {
    const { db, storedSecrets, spreadMs, log } = this.options;
    const secret = newSecret();
    const id = SecretBox.nameOf(secret);
    const wrapped = storedSecrets.encrypt("data_keys", id, secret);
    if (wrapped === secret)
      throw new StoreError("encryption.atRest needs a secret of the server: secrets.encryption, or dataDir/encryption-secret");
    const active_at = new Date(Date.now() + (this.keys.length === 0 ? 0 : spreadMs));
    await db.insertInto("data_keys").values({ id, wrapped, active_at, finished_at: null, progress: null }).execute();
    log.info({ key: id, activeAt: active_at.toISOString() }, "data key created");
    this.isVerified = false;
    await this.load();
  }

  /** Deletes keys that no value needs. */
  async destroy(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.options.db
      .deleteFrom("data_keys")
      .where("id", "in", [...names])
      .execute();
    this.options.log.info({ keys: names }, "data keys destroyed");
    await this.load();
  }

  /** Whether another process may still write with an older key than the current one. */
  isSpreading(now: number): boolean {
    const { current } = this;
    return current !== null && this.keys.length > 1 && now < current.activeAt.getTime() + 2 * this.options.spreadMs;
  }

  /**
   * Fails where the keys were not read for so long that another process may have made a new one come into force: what this one encrypted by the old
   * key could be written after that is destroyed.
   */
  assertFresh(): void {
    const { spreadMs } = this.options;
    if (spreadMs === 0) return;
    const { monotonic, utc } = this.loadedAt;
    const age = Math.max(performance.now() - monotonic, Date.now() - utc);
    if (age > spreadMs) throw new Error(`the data keys were not read for ${Math.round(age / 1000)} s, and may be others by now`);
  }

  /** Reads the keys again and again, where other processes may change them. */
  start(): void {
    const { spreadMs, log } = this.options;
    if (spreadMs === 0) return;
    const poll = () =>
      void this.load().catch((error: unknown) => log.warn({ reason: String(error) }, "data keys not read, trying again"));
    this.timer = setInterval(poll, spreadMs / POLL_PER_SPREAD).unref();
  }

  close(): void {
    if (this.timer) clearInterval(this.timer);
  }

  /** The current one first. */
  private inOrder(): readonly DataKey[] {
    const { current } = this;
    return current === null || current === this.keys[0] ? this.keys : [current, ...this.keys.filter((key) => key !== current)];
  }
}

/** Which secrets of a server a database needs: as `SecretBox.nameOf` has them. */
export async function neededSecrets(db: Db): Promise<readonly string[]> {
  const rows = await db.selectFrom("data_keys").select("wrapped").orderBy("id").execute();
  return [...new Set(rows.map(({ wrapped }) => secretOfDataKey(wrapped)))];
}

/** Looks whether secrets decrypt the data keys of a database. @throws StoreError where they do not */
export async function assertDataKeys(db: Db, secrets: readonly string[]): Promise<void> {
  const names = secrets.map((secret) => SecretBox.nameOf(secret));
  for (const { id, wrapped } of await db.selectFrom("data_keys").select(["id", "wrapped"]).execute())
    if (!names.includes(secretOfDataKey(wrapped))) throw new StoreError(keyMissing(id, wrapped));
}

/** In one line, for people who start or restore a server. */
function keyMissing(id: string, wrapped: string): string {
  return (
    `the data of people in this database is encrypted by the data key ${id}, and that by the secret ${secretOfDataKey(wrapped)}, which this server does not have; ` +
    "copy dataDir/encryption-secret of the server that wrote it, or add its secrets.encryption or cluster.secret"
  );
}

/** Which secret of a server encrypted a data key, as it is stored. */
export function secretOfDataKey(wrapped: string): string {
  return wrapped.split(":", 2)[1] ?? "";
}
