/** Determines where scheduled backups are kept: a folder, or the object storage of recordings. */
import { copyFile, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Storage } from "../../library/storage/storage.ts";

type ObjectStore = Storage["store"];
type UploadedPart = Parameters<ObjectStore["completeUpload"]>[2][number];

export type BackupTarget = {
  /** The names of all files there. */
  readonly list: () => Promise<readonly string[]>;
  /** Keeps a copy of a file. It appears only when it is complete. */
  readonly put: (name: string, file: string) => Promise<void>;
  /** Copies a kept file to this machine. */
  readonly get: (name: string, file: string) => Promise<void>;
  readonly remove: (name: string) => Promise<void>;
};

export function folderTarget(folder: string): BackupTarget {
  const prepare = () => mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    list: async () => {
      await prepare();
      return await readdir(folder);
    },
    put: async (name, file) => {
      await prepare();
      const partial = join(folder, `${name}.part`);
      try {
        await copyFile(file, partial);
        await rename(partial, join(folder, name));
      } catch (error) {
        await rm(partial, { force: true });
        throw error;
      }
    },
    get: (name, file) => copyFile(join(folder, name), file),
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}

/** What the names of objects begin with, after `storage.s3.prefix`: no application of streams has such a name. */
const PREFIX = "lectern.backups/";
/** The object with the names of the others: not every storage lists a bucket for those who may write to it. */
const INDEX = `${PREFIX}index.json`;
const MAX_INDEX_BYTES = 1024 * 1024;
/** S3 requires at least 5 MiB for every part but the last, and allows 10 000 parts. */
const PART_BYTES = 8 * 1024 * 1024;
const TYPE = "application/gzip";

export function bucketTarget(store: ObjectStore): BackupTarget {
  const list = async (): Promise<string[]> => {
    const bytes = await store.read(INDEX, 0, MAX_INDEX_BYTES);
    const names: unknown = bytes === null ? [] : JSON.parse(bytes.toString());
    if (!Array.isArray(names)) throw new Error(`the object ${INDEX} has no list of names`);
    return names.filter((name) => typeof name === "string");
  };
  const writeList = (names: readonly string[]): Promise<void> =>
    store.put(INDEX, Buffer.from(JSON.stringify(names)), "application/json");
  return {
    list,
    put: async (name, file) => {
      const size = await upload(store, PREFIX + name, file);
      if ((await store.size(PREFIX + name)) !== size) throw new Error("the object storage has another size than was sent");
      await writeList([...(await list()).filter((other) => other !== name), name]);
    },
    get: async (name, file) => {
      const copy = await open(file, "w", 0o600);
      try {
        for (let at = 0; ; at += PART_BYTES) {
          const bytes = await store.read(PREFIX + name, at, at + PART_BYTES);
          if (bytes === null) throw new Error(`the object storage has no ${PREFIX}${name}`);
          await copy.write(bytes);
          if (bytes.length < PART_BYTES) return;
        }
      } finally {
        await copy.close();
      }
    },
    remove: async (name) => {
      await store.remove(PREFIX + name);
      await writeList((await list()).filter((other) => other !== name));
    },
  };
}

async function upload(store: ObjectStore, key: string, file: string): Promise<number> {
  const source = await open(file);
  try {
    const { size } = await source.stat();
    const part = async (at: number): Promise<Buffer> => {
      const { buffer, bytesRead } = await source.read(Buffer.alloc(Math.min(PART_BYTES, size - at)), { position: at });
      return buffer.subarray(0, bytesRead);
    };
    if (size <= PART_BYTES) {
      await store.put(key, await part(0), TYPE);
      return size;
    }
    const id = await store.beginUpload(key, TYPE);
    try {
      const parts: UploadedPart[] = [];
      for (let at = 0, number = 1; at < size; at += PART_BYTES, number++) {
        const bytes = await part(at);
        parts.push({ number, etag: await store.uploadPart(key, id, number, bytes), from: at, to: at + bytes.length });
      }
      await store.completeUpload(key, id, parts);
    } catch (error) {
      await store.abortUpload(key, id).catch(() => {});
      throw error;
    }
    return size;
  } finally {
    await source.close();
  }
}
