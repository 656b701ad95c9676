/**
 * Keeps the files of teaching materials: what was uploaded, and the pictures of its pages, below the data directory of one node, or in the object
 * storage. Each process that reads or writes them has one of these.
 */
import { constants } from "node:fs";
import { mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MaterialFile, PAGE_WIDTHS } from "../../contracts/materials/material-messages.ts";
import { writeAtomically } from "../../platform/write-atomically.ts";
import { DISK, readFrom, writeAll } from "../files/disk.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { PieceCache } from "../storage/piece-cache.ts";
import { MaterialFailure } from "./problem.ts";

export type MaterialFilesOptions = {
  readonly dataDir: string;
  readonly store: ObjectStore | null;
  /** This node. */
  readonly self: string;
  /** Asks the node that has the files. Null: it has no such file. */
  readonly askNode: (node: string, id: string, file: MaterialFile) => Promise<Buffer | null>;
};

/** A page picture is seldom larger than 1 MB. */
export const MAX_PICTURE_BYTES = 16 * 1024 * 1024;
/** S3 takes parts of at least 5 MiB. */
const PART_BYTES = 8 * 1024 * 1024;
const TYPES = { original: "application/octet-stream", page: "image/webp" } as const;

export class MaterialFiles {
  readonly store: ObjectStore | null;
  private readonly folder: string;
  private readonly options: MaterialFilesOptions;
  private readonly cache: PieceCache;
  /** The nodes with the files of materials that were read here. */
  private readonly nodes = new Map<string, string>();

  constructor(options: MaterialFilesOptions) {
    const { dataDir, store } = options;
    this.options = options;
    this.store = store;
    this.folder = materialsOf(dataDir);
    this.cache = new PieceCache({
      store: { read: (key, from, to) => this.readElsewhere(key, from, to) },
      directory: join(dataDir, "cache/pieces/materials"),
      root: this.folder,
    });
  }

  pathOf(id: string, file: MaterialFile): string {
    return join(this.folder, id, file);
  }

  /** Writes a part of an upload of this node. */
  async write(id: string, offset: number, bytes: Buffer): Promise<void> {
    await mkdir(join(this.folder, id), { recursive: true });
    const file = await open(this.pathOf(id, "original"), constants.O_CREAT | constants.O_WRONLY, 0o600);
    try {
      await writeAll(file, bytes, offset);
      // Who sent them is told that they are stored.
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** Bytes of what was uploaded to this node; null: there is nothing of it. */
  async uploaded(id: string): Promise<number | null> {
    return await stat(this.pathOf(id, "original")).then(
      ({ size }) => size,
      () => null,
    );
  }

  /** A whole picture. Null: there is none. @param node has the files; null: the object storage has them */
  async read(id: string, file: MaterialFile, node: string | null): Promise<Buffer | null> {
    if (node !== null && node !== this.options.self) this.nodes.set(id, node);
    else this.nodes.delete(id);
    return await this.cache.read(this.pathOf(id, file), 0, MAX_PICTURE_BYTES);
  }

  /** A file of this node. */
  async readHere(id: string, file: MaterialFile): Promise<Buffer | null> {
    return await DISK.read(this.pathOf(id, file), 0, MAX_PICTURE_BYTES);
  }

  /** @throws MaterialFailure storage-away */
  async putPage(id: string, file: MaterialFile, bytes: Buffer): Promise<void> {
    const { store } = this;
    if (store) await reached(() => store.put(keyOf(id, file), bytes, TYPES.page));
    else await writeAtomically(this.pathOf(id, file), bytes);
  }

  /** Puts a small file that was uploaded into the object storage. @throws MaterialFailure storage-away */
  async putOriginal(id: string, bytes: Buffer): Promise<void> {
    const { store } = this;
    if (store) await reached(() => store.put(keyOf(id, "original"), bytes, TYPES.original));
  }

  /** Moves what was uploaded into the object storage, where there is one. @throws MaterialFailure storage-away */
  async storeOriginal(id: string): Promise<void> {
    const { store } = this;
    const size = await this.uploaded(id);
    if (!store || size === null) return;
    await reached(() => this.sendOriginal(store, id, size));
    await this.removeHere(id);
  }

  private async sendOriginal(store: ObjectStore, id: string, size: number): Promise<void> {
    const key = keyOf(id, "original");
    const upload = await store.beginUpload(key, TYPES.original);
    const file = await open(this.pathOf(id, "original"), "r");
    try {
      const parts = [];
      for (let number = 1, from = 0; from < size; number++, from += PART_BYTES) {
        const bytes = await readFrom(file, from, Buffer.alloc(Math.min(PART_BYTES, size - from)));
        const etag = await store.uploadPart(key, upload, number, bytes);
        parts.push({ number, etag, from, to: from + bytes.length });
      }
      await store.completeUpload(key, upload, parts);
    } catch (error) {
      await store.abortUpload(key, upload).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Copies what was uploaded to a path, from this node or the object storage. False: neither has it. @throws MaterialFailure storage-away */
  async fetchOriginal(id: string, path: string, size: number): Promise<boolean> {
    const { store } = this;
    const to = await open(path, "w", 0o600);
    try {
      for (let from = 0; from < size; from += PART_BYTES) {
        const end = Math.min(size, from + PART_BYTES);
        const bytes =
          (await DISK.read(this.pathOf(id, "original"), from, end)) ??
          (store && (await reached(() => store.read(keyOf(id, "original"), from, end))));
        if (bytes?.length !== end - from) return false;
        await writeAll(to, bytes, from);
      }
      return true;
    } finally {
      await to.close();
    }
  }

  async removeHere(id: string): Promise<void> {
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** @param pages how many there may be */
  async removeStored(id: string, pages: number): Promise<void> {
    if (!this.store) return;
    await this.store.remove(keyOf(id, "original"));
    for (let page = 1; page <= pages; page++) {
      for (const size of ["large", "small"] as const satisfies readonly (keyof typeof PAGE_WIDTHS)[])
        await this.store.remove(keyOf(id, `${size}-${page}.webp`));
    }
  }

  private async readElsewhere(key: string, from: number, to: number): Promise<Buffer | null> {
    const [id = "", file = ""] = key.split("/");
    const node = this.nodes.get(id);
    if (node === undefined) return (await this.store?.read(`materials/${key}`, from, to)) ?? null;
    const whole = await this.options.askNode(node, id, file as MaterialFile);
    return whole?.subarray(from, to) ?? null;
  }
}

/** Calls the object storage. @throws MaterialFailure storage-away */
async function reached<T>(call: () => Promise<T>): Promise<T> {
  return await call().catch((error: unknown) => {
    throw new MaterialFailure("storage-away", String(error), { cause: error });
  });
}

export function materialsOf(dataDir: string): string {
  return join(dataDir, "materials");
}

/** The folder of the jobs of a worker; its name is none of a material. */
export function jobsFolder(dataDir: string, worker: string): string {
  return join(dataDir, "materials-work", worker);
}

function keyOf(id: string, file: MaterialFile): string {
  return `materials/${id}/${file}`;
}
