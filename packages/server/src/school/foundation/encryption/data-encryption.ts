/** Puts encryption at rest together for a school: the keys, the plugin of the store, the background work, and what operators see and do. */
import type { Logger } from "../../../platform/log.ts";
import { withAdvisoryLock } from "../../../platform/store/advisory-lock.ts";
import type { Store } from "../../../platform/store/store.ts";
import { PROTECTED_COLUMNS } from "../store/protected-columns.ts";
import { StoredSecrets } from "../store/stored-secrets.ts";
import type { Tables } from "../store/tables.ts";
import type { WorkItem, WorkKind } from "../work/work-kind.ts";
import { ColumnCipher } from "./column-cipher.ts";
import { DataKeys } from "./data-keys.ts";
import { reencryption } from "./reencryption.ts";

/** Control processes on one PostgreSQL server know a new key within this. */
const SPREAD_MS = 60_000;
const FIRST_KEY = "lectern: the first data key";

export type EncryptionStatus = {
  readonly atRest: boolean;
  readonly keys: readonly {
    readonly id: string;
    readonly state: "current" | "next" | "old";
    readonly wrappedBy: string;
    readonly createdAt: string;
    readonly activeAt: string;
  }[];
  /** Null: there is nothing encrypted. */
  readonly progress: {
    readonly finishedAt: string | null;
    /** Columns of this pass that are done, of all. */
    readonly columns: number;
    readonly ofColumns: number;
    readonly values: number;
  } | null;
};

export type DataEncryption = {
  /** The store whose statements encrypt and decrypt; the same one where nothing is or was encrypted. */
  readonly store: Store<Tables>;
  readonly status: () => Promise<EncryptionStatus>;
  /** Makes a new data key. Everything is encrypted by it afterwards, and the older ones are destroyed. */
  readonly rotate: () => Promise<EncryptionStatus>;
  /** Null: there is nothing to do. */
  readonly work: () => WorkKind<WorkItem> | null;
  readonly close: () => void;
};

export type DataEncryptionOptions = {
  readonly atRest: boolean;
  /** Of the server: the first encrypts data keys, all of them decrypt. */
  readonly secrets: () => readonly string[];
  readonly log: Logger;
  readonly spreadMs?: number;
};

/** @throws StoreError where the server's secrets decrypt not all data keys */
export async function openDataEncryption(store: Store<Tables>, options: DataEncryptionOptions): Promise<DataEncryption> {
  const { atRest, secrets, log } = options;
  const { db } = store;
  const storedSecrets = new StoredSecrets(secrets, log);
  const spreadMs = store.embedded ? 0 : (options.spreadMs ?? SPREAD_MS);
  const keys = new DataKeys({ db, storedSecrets, log, spreadMs });
  await keys.load();
  if (atRest && keys.all.length === 0)
    await withAdvisoryLock(store, FIRST_KEY, async () => {
      await keys.load();
      if (keys.all.length === 0) await keys.add();
    });
  const isUsed = keys.all.length > 0;
  if (isUsed) keys.start();
  const encrypts = () => atRest && keys.all.length > 0;
  const cipher = new ColumnCipher({
    box: keys.box,
    has: (key) => keys.has(key),
    encrypts,
    assertFresh: () => keys.assertFresh(),
    // The only connection of an embedded database may be the one that waits for this.
    reload: async () => {
      if (!store.embedded) await keys.load();
    },
  });
  const status = async () => {
    if (isUsed) await keys.load();
    return statusOf(keys, atRest);
  };
  return {
    store: isUsed ? { ...store, db: db.withPlugin(cipher) } : store,
    status,
    rotate: async () => {
      if (!atRest) throw new Error("encryption.atRest is off: there is no data key");
      await keys.load();
      if (keys.all.some(({ activeAt }) => activeAt.getTime() > Date.now()))
        throw new Error("a new data key is about to come into force");
      await keys.add();
      return await status();
    },
    work: () => (isUsed ? reencryption({ db, keys, encrypts: () => atRest, log }) : null),
    close: () => keys.close(),
  };
}

function statusOf(keys: DataKeys, atRest: boolean): EncryptionStatus {
  const now = Date.now();
  const [newest] = keys.all;
  return {
    atRest,
    keys: keys.all.map((key) => ({
      id: key.name,
      state: key === keys.current ? "current" : key.activeAt.getTime() > now ? "next" : "old",
      wrappedBy: key.wrappedBy,
      createdAt: key.createdAt.toISOString(),
      activeAt: key.activeAt.toISOString(),
    })),
    progress: newest
      ? {
          finishedAt: newest.finishedAt?.toISOString() ?? null,
          columns: Math.min(newest.progress?.column ?? 0, PROTECTED_COLUMNS.length),
          ofColumns: PROTECTED_COLUMNS.length,
          values: newest.progress?.total ?? 0,
        }
      : null,
  };
}
