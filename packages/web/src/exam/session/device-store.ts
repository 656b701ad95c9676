/** Keeps entries and attempts in the browser's database (Indexed Database API 3.0), where they survive a reload and the end of the browser. */
import { openDatabase, resultOf, write } from "../attempt/device-database.ts";
import type { Entered, Invitation } from "../attempt/exam-types.ts";
import type { EntryStore, KeptEntry } from "./journal.ts";

/** What the device needs to go on, also where the API does not answer. */
type KeptAttempt = { readonly invitation: Invitation; readonly entered: Entered };

/** Attempts are kept by the code of the examination. */
export type DeviceStore = EntryStore & {
  readonly attemptOf: (code: string) => Promise<KeptAttempt | null>;
  readonly keepAttempt: (code: string, attempt: KeptAttempt) => Promise<void>;
  readonly forgetAttempt: (code: string) => Promise<void>;
};

const NAME = "lectern-exams";
const VERSION = 1;
const ENTRIES = "entries";
const ATTEMPTS = "attempts";

/** Of a browser that keeps nothing, the values stay as long as the page is open. */
export async function openDeviceStore(factory: IDBFactory | undefined = globalThis.indexedDB): Promise<DeviceStore> {
  try {
    if (!factory) return memoryStore();
    return databaseStore(await openDatabase(factory, NAME, VERSION, makeStores));
  } catch {
    return memoryStore();
  }
}

function databaseStore(database: IDBDatabase): DeviceStore {
  let last: Promise<unknown> = Promise.resolve();
  let failed = false;
  const keep = (store: string, act: (objects: IDBObjectStore) => void): Promise<void> => {
    const written = write(database, store, act).then((isKept) => {
      failed ||= !isKept;
    });
    last = Promise.all([last, written]);
    return written;
  };
  return {
    load: async (attempt) => {
      const objects = database.transaction(ENTRIES).objectStore(ENTRIES);
      return resultOf<KeptEntry[]>(objects.getAll(IDBKeyRange.bound([attempt], [attempt, []])));
    },
    put: (entry) => void keep(ENTRIES, (objects) => objects.put(entry)),
    remove: (entries) => {
      if (entries.length === 0) return;
      void keep(ENTRIES, (objects) => {
        for (const { attempt, seat, seq } of entries) objects.delete([attempt, seat, seq]);
      });
    },
    settled: async () => void (await last),
    hasFailed: () => failed,
    attemptOf: async (code) => {
      const objects = database.transaction(ATTEMPTS).objectStore(ATTEMPTS);
      return (await resultOf<KeptAttempt | undefined>(objects.get(code))) ?? null;
    },
    keepAttempt: (code, attempt) => keep(ATTEMPTS, (objects) => objects.put({ ...attempt, code })),
    forgetAttempt: (code) => keep(ATTEMPTS, (objects) => objects.delete(code)),
  };
}

/** For browsers that forbid storage, and for tests. */
export function memoryStore(): DeviceStore {
  const entries = new Map<string, KeptEntry>();
  const attempts = new Map<string, KeptAttempt>();
  const keyOf = ({ attempt, seat, seq }: KeptEntry) => `${attempt} ${seat} ${seq}`;
  return {
    load: async (attempt) => [...entries.values()].filter((one) => one.attempt === attempt),
    put: (entry) => void entries.set(keyOf(entry), entry),
    remove: (removed) => {
      for (const entry of removed) entries.delete(keyOf(entry));
    },
    settled: async () => {},
    // The end of the page is the end of it.
    hasFailed: () => true,
    attemptOf: async (code) => attempts.get(code) ?? null,
    keepAttempt: async (code, attempt) => void attempts.set(code, attempt),
    forgetAttempt: async (code) => void attempts.delete(code),
  };
}

function makeStores(database: IDBDatabase): void {
  database.createObjectStore(ENTRIES, { keyPath: ["attempt", "seat", "seq"] });
  database.createObjectStore(ATTEMPTS, { keyPath: "code" });
}
