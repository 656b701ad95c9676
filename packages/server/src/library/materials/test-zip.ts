/** Makes and changes ZIP files for tests (APPNOTE.TXT 6.3), also such as no program would make. */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

export type Part = {
  readonly name: string;
  readonly bytes: Buffer;
  /** What the list of entries says of its size, where that is not true. */
  readonly saidBytes?: number;
  /** General purpose flags: 1 is an encrypted entry. */
  readonly flags?: number;
  /** Bytes that are deflated already, of a part that unpacks to `bytes`. */
  readonly packed?: Buffer;
};

export function zipOf(parts: readonly Part[]): Buffer {
  const pieces: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, saidBytes = bytes.length, flags = 0, packed = deflateRawSync(bytes) } of parts) {
    const nameBytes = Buffer.from(name);
    // OpenDocument wants its type as the first entry, not deflated.
    const isStored = name === "mimetype";
    const data = isStored ? bytes : packed;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(isStored ? 0 : 8, 4);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(saidBytes, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    pieces.push(Buffer.from("PK\x03\x04", "latin1"), common, nameBytes, data);
    const entry = Buffer.alloc(14);
    entry.writeUInt32LE(offset, 10);
    list.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, entry, nameBytes);
    offset += 4 + common.length + nameBytes.length + data.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, listed, end]);
}

/** The parts of a ZIP file that a program has made. */
export function partsOf(zip: Buffer): Part[] {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  let at = zip.readUInt32LE(end + 16);
  return Array.from({ length: zip.readUInt16LE(end + 10) }, () => {
    const [method, packed, nameLength] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const name = zip.toString("utf8", at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(from, from + packed);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    return { name, bytes: Buffer.from(method === 0 ? data : inflateRawSync(data)) };
  });
}

/** The same ZIP file with another text in some of its parts, and with further ones. */
export function changedZip(zip: Buffer, change: (text: string, name: string) => string, further: readonly Part[] = []): Buffer {
  const parts = partsOf(zip).map((part) => {
    if (!/\.(?:xml|rels)$/.test(part.name)) return part;
    return { ...part, bytes: Buffer.from(change(part.bytes.toString(), part.name)) };
  });
  return zipOf([...parts, ...further]);
}
