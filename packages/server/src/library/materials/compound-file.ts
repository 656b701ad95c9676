/**
 * Looks into compound files ([MS-CFB] 2.2, 2.3, 2.6), which old office documents are, and new ones that are encrypted: the names of their streams, and
 * whether a Word document says that it is encrypted.
 */
import { type FileHandle, open } from "node:fs/promises";
import { readFrom } from "../files/disk.ts";
import { MaterialFailure } from "./problem.ts";

export const COMPOUND_FILE = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Sectors of the directory that are read. */
const MAX_SECTORS = 256;
const END_OF_CHAIN = 0xfffffffa;
/** [MS-DOC] 2.5.2: fEncrypted of FibBase. */
const ENCRYPTED_WORD = 0x0100;

/** @throws MaterialFailure password, unsupported, damaged */
export async function compoundKind(path: string): Promise<"doc" | "ppt"> {
  const file = await open(path, "r");
  try {
    const header = await readFrom(file, 0, Buffer.alloc(HEADER_BYTES));
    if (header.length < HEADER_BYTES) throw new MaterialFailure("damaged", "the header is cut off");
    const streams = await readDirectory(file, header);
    if (streams.has("EncryptedPackage") || streams.has("EncryptedSummary")) throw new MaterialFailure("password", "encrypted");
    if (streams.has("PowerPoint Document")) return "ppt";
    const word = streams.get("WordDocument");
    if (word === undefined) throw new MaterialFailure("unsupported", [...streams.keys()].slice(0, 5).join(", "));
    const head = await readFrom(file, sectorOffset(header, word), Buffer.alloc(12));
    if (head.length === 12 && (head.readUInt16LE(10) & ENCRYPTED_WORD) !== 0) throw new MaterialFailure("password", "encrypted");
    return "doc";
  } finally {
    await file.close();
  }
}

/** The first sectors of the streams, by their names. */
async function readDirectory(file: FileHandle, header: Buffer): Promise<Map<string, number>> {
  const sectorBytes = sizeOf(header);
  const streams = new Map<string, number>();
  let sector = header.readUInt32LE(48);
  for (let read = 0; sector < END_OF_CHAIN && read < MAX_SECTORS; read++) {
    const bytes = await readFrom(file, sectorOffset(header, sector), Buffer.alloc(sectorBytes));
    for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
      const nameBytes = bytes.readUInt16LE(at + 64);
      if (nameBytes < 2 || nameBytes > 64) continue;
      streams.set(bytes.toString("utf16le", at, at + nameBytes - 2), bytes.readUInt32LE(at + 116));
    }
    sector = await nextSector(file, header, sector);
  }
  if (streams.size === 0) throw new MaterialFailure("damaged", "no directory");
  return streams;
}

/** The first 109 sectors of the allocation table are named in the header; files of this size are all that is wanted here. */
async function nextSector(file: FileHandle, header: Buffer, sector: number): Promise<number> {
  const perSector = sizeOf(header) / 4;
  const table = Math.floor(sector / perSector);
  if (table >= 109) return END_OF_CHAIN;
  const at = sectorOffset(header, header.readUInt32LE(76 + table * 4)) + (sector % perSector) * 4;
  const next = await readFrom(file, at, Buffer.alloc(4));
  return next.length === 4 ? next.readUInt32LE(0) : END_OF_CHAIN;
}

function sizeOf(header: Buffer): number {
  const shift = header.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) throw new MaterialFailure("damaged", `sectors of 2^${shift} bytes`);
  return 2 ** shift;
}

function sectorOffset(header: Buffer, sector: number): number {
  return (sector + 1) * sizeOf(header);
}
