/**
 * Reads ZIP files of office documents (APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16): the list of entries, and single small ones. Before a
 * converter gets such a file, its names and the size that it unpacks to are checked here; what the list says of sizes is measured where it matters.
 */
import { type FileHandle, open } from "node:fs/promises";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createInflateRaw, inflateRaw } from "node:zlib";
import { readFrom } from "../files/disk.ts";
import { MaterialFailure } from "./problem.ts";

export type ZipEntry = {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  /** As the list says; it may say anything. */
  readonly bytes: number;
  readonly isEncrypted: boolean;
  readonly offset: number;
};

const END_OF_LIST = 0x06054b50;
const LIST_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_BYTES = 22;
const LIST_ENTRY_BYTES = 46;
const LOCAL_ENTRY_BYTES = 30;
/** What is read at once. */
const PIECE_BYTES = 256 * 1024;
const MAX_COMMENT = 0xffff;
const ENCRYPTED = 0x0001;
const STORED = 0;
const DEFLATED = 8;
/** An office document of 300 pages with pictures has a few thousand. */
const MAX_ENTRIES = 20_000;
const MAX_LIST_BYTES = 8 * 1024 * 1024;
/** DEFLATE packs at most 1032 bytes into one. */
const MOST_PACKED = 1032;

export class ZipFile {
  readonly entries: readonly ZipEntry[];
  private readonly file: FileHandle;

  private constructor(file: FileHandle, entries: readonly ZipEntry[]) {
    this.file = file;
    this.entries = entries;
  }

  /** @throws MaterialFailure damaged, where the file is no whole ZIP file */
  static async open(path: string): Promise<ZipFile> {
    const file = await open(path, "r");
    try {
      return new ZipFile(file, await readList(file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  find(name: string): ZipEntry | null {
    return this.entries.find((entry) => entry.name === name) ?? null;
  }

  /** The text of an entry; null: there is none of this name. @throws MaterialFailure damaged; unpacks-too-large, where it has more than `maxBytes` */
  async text(name: string, maxBytes: number): Promise<string | null> {
    const entry = this.find(name);
    if (!entry) return null;
    const packed = await this.packed(entry);
    if (entry.method === STORED) return packed.subarray(0, maxBytes).toString();
    try {
      return (await promisify(inflateRaw)(packed, { maxOutputLength: maxBytes })).toString();
    } catch (error) {
      const isTooLarge = error instanceof RangeError;
      throw new MaterialFailure(isTooLarge ? "unpacks-too-large" : "damaged", name, { cause: error });
    }
  }

  /** @throws MaterialFailure password, unsafe-names, unpacks-too-large, damaged */
  async check(maxBytes: number): Promise<void> {
    for (const { name, isEncrypted, method } of this.entries) {
      if (isEncrypted) throw new MaterialFailure("password", name);
      if (!isSafeName(name)) throw new MaterialFailure("unsafe-names", JSON.stringify(name));
      if (method !== STORED && method !== DEFLATED) throw new MaterialFailure("damaged", `compression method ${method}`);
    }
    const said = this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    if (said > maxBytes) throw new MaterialFailure("unpacks-too-large", `${said} bytes`);
    const most = this.entries.reduce((sum, entry) => sum + mostBytes(entry), 0);
    if (most > maxBytes) await this.measure(maxBytes);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  /** Unpacks everything and keeps nothing. */
  private async measure(maxBytes: number): Promise<void> {
    let left = maxBytes;
    for (const entry of this.entries) {
      const from = await this.dataOf(entry);
      const packed = Readable.from(piecesOf(this.file, from, from + entry.packedBytes));
      const count = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          left -= chunk.length;
          done(left < 0 ? new MaterialFailure("unpacks-too-large", entry.name) : null);
        },
      });
      if (entry.method === STORED) await pipeline(packed, count);
      else {
        await pipeline(packed, createInflateRaw(), count).catch((error: unknown) => {
          throw error instanceof MaterialFailure ? error : new MaterialFailure("damaged", entry.name, { cause: error });
        });
      }
    }
  }

  private async packed(entry: ZipEntry): Promise<Buffer> {
    const from = await this.dataOf(entry);
    const bytes = await readFrom(this.file, from, Buffer.alloc(entry.packedBytes));
    if (bytes.length < entry.packedBytes) throw new MaterialFailure("damaged", `${entry.name} is cut off`);
    return bytes;
  }

  /** Where the data of an entry begins. */
  private async dataOf({ name, offset }: ZipEntry): Promise<number> {
    const head = await readFrom(this.file, offset, Buffer.alloc(LOCAL_ENTRY_BYTES));
    if (head.length < LOCAL_ENTRY_BYTES || head.readUInt32LE(0) !== LOCAL_ENTRY) throw new MaterialFailure("damaged", name);
    return offset + LOCAL_ENTRY_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28);
  }
}

async function readList(file: FileHandle): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const tail = await readFrom(
    file,
    Math.max(0, size - END_BYTES - MAX_COMMENT),
    Buffer.alloc(Math.min(size, END_BYTES + MAX_COMMENT)),
  );
  const at = endOfList(tail);
  if (at === null) throw new MaterialFailure("damaged", "the list of entries is missing");
  const [count, bytes, from] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (count > MAX_ENTRIES || bytes > MAX_LIST_BYTES) throw new MaterialFailure("unpacks-too-large", `${count} entries`);
  const list = await readFrom(file, from, Buffer.alloc(bytes));
  const entries: ZipEntry[] = [];
  for (let place = 0; entries.length < count; ) {
    const entry = entryAt(list, place, size);
    if (!entry) throw new MaterialFailure("damaged", `entry ${entries.length} of ${count}`);
    entries.push(entry.entry);
    place = entry.next;
  }
  return entries;
}

async function* piecesOf(file: FileHandle, from: number, to: number): AsyncGenerator<Buffer> {
  for (let at = from; at < to; at += PIECE_BYTES) {
    const bytes = await readFrom(file, at, Buffer.alloc(Math.min(PIECE_BYTES, to - at)));
    if (bytes.length === 0) return;
    yield bytes;
  }
}

function endOfList(tail: Buffer): number | null {
  for (let at = tail.length - END_BYTES; at >= 0; at--) if (tail.readUInt32LE(at) === END_OF_LIST) return at;
  return null;
}

function entryAt(list: Buffer, at: number, fileBytes: number): { readonly entry: ZipEntry; readonly next: number } | null {
  if (at + LIST_ENTRY_BYTES > list.length || list.readUInt32LE(at) !== LIST_ENTRY) return null;
  const nameEnd = at + LIST_ENTRY_BYTES + list.readUInt16LE(at + 28);
  const next = nameEnd + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  const packedBytes = list.readUInt32LE(at + 20);
  const offset = list.readUInt32LE(at + 42);
  if (next > list.length || offset + packedBytes > fileBytes) return null;
  const entry: ZipEntry = {
    name: list.toString("utf8", at + LIST_ENTRY_BYTES, nameEnd),
    method: list.readUInt16LE(at + 10),
    isEncrypted: (list.readUInt16LE(at + 8) & ENCRYPTED) !== 0,
    packedBytes,
    bytes: list.readUInt32LE(at + 24),
    offset,
  };
  return { entry, next };
}

function mostBytes({ method, packedBytes, bytes }: ZipEntry): number {
  return Math.max(bytes, method === STORED ? packedBytes : packedBytes * MOST_PACKED);
}

/** Names that would leave a folder, if they were unpacked. */
function isSafeName(name: string): boolean {
  return !name.startsWith("/") && !/[\\\0:]/.test(name) && !name.split("/").includes("..");
}
