/** Writes small tables of addresses for tests, in the formats of ip2region and MaxMind. */
import { parseAddress } from "./table-address.ts";

/** First and last address, and the text of an xdb file, in ascending order. */
export type XdbRange = readonly [first: string, last: string, text: string];
export type XdbOptions = { readonly version?: 2 | 3; readonly madeAt?: Date };

const XDB_HEADER_BYTES = 256;
const XDB_VECTOR_BYTES = 65_536 * 8;

/** As the maker of ip2region writes it: a range is cut where the first two bytes of its addresses change. */
export function xdbFile(ranges: readonly XdbRange[], { version = 3, madeAt = new Date("2026-03-04") }: XdbOptions = {}): Buffer {
  const size = bytesOf(ranges[0]?.[0] ?? "").length;
  const indexBytes = 2 * size + 6;
  const places = new Map<string, number>();
  const texts: Buffer[] = [];
  let end = XDB_HEADER_BYTES + XDB_VECTOR_BYTES;
  for (const [, , text] of ranges) {
    if (places.has(text)) continue;
    places.set(text, end);
    texts.push(Buffer.from(text));
    end += Buffer.byteLength(text);
  }
  const vectors = Buffer.alloc(XDB_VECTOR_BYTES);
  const indexes: Buffer[] = [];
  for (const [first, last, text] of ranges.flatMap((range) => cut(range))) {
    const at = end + indexes.length * indexBytes;
    const vector = first.readUInt16BE(0) * 8;
    if (vectors.readUInt32LE(vector) === 0) vectors.writeUInt32LE(at, vector);
    vectors.writeUInt32LE(at + indexBytes, vector + 4);
    const tail = Buffer.alloc(6);
    tail.writeUInt16LE(Buffer.byteLength(text));
    tail.writeUInt32LE(places.get(text) ?? 0, 2);
    // IPv4 is little-endian.
    const ordered = [first, last].map((bytes) => (size === 4 ? Buffer.from(bytes).reverse() : bytes));
    indexes.push(Buffer.concat([...ordered, tail]));
  }
  const header = Buffer.alloc(XDB_HEADER_BYTES);
  header.writeUInt16LE(version);
  header.writeUInt16LE(1, 2);
  header.writeUInt32LE(madeAt.getTime() / 1000, 4);
  header.writeUInt32LE(end, 8);
  header.writeUInt32LE(end + (indexes.length - 1) * indexBytes, 12);
  if (version === 3) header.writeUInt16LE(size === 4 ? 4 : 6, 16);
  if (version === 3) header.writeUInt16LE(4, 18);
  return Buffer.concat([header, vectors, ...texts, ...indexes]);
}

function cut([first, last, text]: XdbRange): [Buffer, Buffer, string][] {
  const [from, to] = [bytesOf(first), bytesOf(last)];
  const parts: [Buffer, Buffer, string][] = [];
  for (let head = from.readUInt16BE(0); head <= to.readUInt16BE(0); head++) {
    const [low, high] = [Buffer.alloc(from.length, 0), Buffer.alloc(from.length, 0xff)];
    low.writeUInt16BE(head);
    high.writeUInt16BE(head);
    parts.push([Buffer.compare(low, from) < 0 ? from : low, Buffer.compare(high, to) > 0 ? to : high, text]);
  }
  return parts;
}

function bytesOf(ip: string): Buffer {
  const address = parseAddress(ip);
  if (!address) throw new Error(`${ip} is no address`);
  return address.bytes;
}

type MmdbValue = string | number | readonly MmdbValue[] | { readonly [key: string]: MmdbValue };
type Node = { left: Node | number | null; right: Node | number | null };

/**
 * A MaxMind database with records of 24 bits. @param networks such as `1.2.0.0/16`; IPv4 stands below ::/96 where the database is of IPv6
 */
export function mmdbFile(
  type: string,
  networks: Readonly<Record<string, MmdbValue>>,
  { ipVersion = 6, madeAt = new Date("2026-05-06") }: { readonly ipVersion?: 4 | 6; readonly madeAt?: Date } = {},
): Buffer {
  const root: Node = { left: null, right: null };
  const values: Buffer[] = [];
  let offset = 0;
  for (const [network, value] of Object.entries(networks)) {
    const [ip = "", bits = ""] = network.split("/");
    const bytes = bytesOf(ip);
    const isBelow = bytes.length === 4 && ipVersion === 6;
    insert(root, isBelow ? Buffer.concat([Buffer.alloc(12), bytes]) : bytes, Number(bits) + (isBelow ? 96 : 0), offset);
    const encoded = encode(value);
    values.push(encoded);
    offset += encoded.length;
  }
  const nodes = nodesOf(root);
  const tree = Buffer.alloc(nodes.size * 6);
  for (const [node, i] of nodes)
    for (const [side, child] of [node.left, node.right].entries()) {
      // Data begin after the tree and 16 bytes.
      const record = child === null ? nodes.size : typeof child === "number" ? nodes.size + 16 + child : (nodes.get(child) ?? 0);
      tree.writeUIntBE(record, i * 6 + side * 3, 3);
    }
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: madeAt.getTime() / 1000,
    database_type: type,
    description: { en: "a test" },
    ip_version: ipVersion,
    languages: ["en", "zh-CN"],
    node_count: nodes.size,
    record_size: 24,
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...values, Buffer.from("\xab\xcd\xefMaxMind.com", "latin1"), metadata]);
}

function insert(root: Node, bytes: Buffer, bits: number, data: number): void {
  let node = root;
  for (let i = 0; i < bits; i++) {
    const side = (((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) === 1 ? "right" : "left";
    if (i === bits - 1) node[side] = data;
    else {
      const next = node[side];
      const below = typeof next === "object" && next !== null ? next : { left: null, right: null };
      node[side] = below;
      node = below;
    }
  }
}

function nodesOf(root: Node): Map<Node, number> {
  const found = new Map<Node, number>([[root, 0]]);
  for (const node of found.keys())
    for (const child of [node.left, node.right]) if (typeof child === "object" && child !== null) found.set(child, found.size);
  return found;
}

/** "Output Data Section" of the format's specification. */
function encode(value: MmdbValue): Buffer {
  if (typeof value === "string") return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === "number") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, each]) => [encode(key), encode(each)])]);
}

/** Types from 8 on are written in a byte of their own. */
function control(type: number, size: number): Buffer {
  const low = Math.min(size, 29);
  const longer = size < 29 ? [] : [size - 29];
  return Buffer.from(type > 7 ? [low, type - 7, ...longer] : [(type << 5) | low, ...longer]);
}
