/** Keeps photos and recorded sound on the device (Indexed Database API 3.0) until the server has acknowledged them; they survive a reload and the end of the browser. */
import { openDatabase, resultOf, write } from "../attempt/device-database.ts";

export type KeptFile = {
  readonly attempt: string;
  readonly id: string;
  readonly question: string;
  readonly type: string;
  readonly bytes: ArrayBuffer;
  /** SHA-256 in hex. */
  readonly hash: string;
  /** Milliseconds since 1970, by the server's clock. */
  readonly takenAt: number;
};

export type FileStore = {
  readonly load: (attempt: string) => Promise<readonly KeptFile[]>;
  /** Resolves when it is on the device. False: this browser keeps nothing, and the file stays as long as the page is open. */
  readonly put: (file: KeptFile) => Promise<boolean>;
  readonly remove: (attempt: string, id: string) => Promise<void>;
};

const NAME = "lectern-exam-files";
const VERSION = 1;
const FILES = "files";

export async function openFileStore(factory: IDBFactory | undefined = globalThis.indexedDB): Promise<FileStore> {
  if (!factory) return NO_STORE;
  try {
    return databaseStore(await openDatabase(factory, NAME, VERSION, makeFiles));
  } catch {
    return NO_STORE;
  }
}

const NO_STORE: FileStore = { load: async () => [], put: async () => false, remove: async () => {} };

function databaseStore(database: IDBDatabase): FileStore {
  return {
    load: (attempt) => {
      const objects = database.transaction(FILES).objectStore(FILES);
      return resultOf<KeptFile[]>(objects.getAll(IDBKeyRange.bound([attempt], [attempt, []])));
    },
    put: (file) => write(database, FILES, (objects) => objects.put(file)),
    remove: async (attempt, id) => void (await write(database, FILES, (objects) => objects.delete([attempt, id]))),
  };
}

function makeFiles(database: IDBDatabase): void {
  database.createObjectStore(FILES, { keyPath: ["attempt", "id"] });
}
