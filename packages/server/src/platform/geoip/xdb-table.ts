/**
 * Reads xdb files of ip2region, formats 2 and 3: https://github.com/lionsoul2014/ip2region. The official reader for JavaScript, ip2region.js, answers
 * with promises only, and places are looked up where nothing can wait; the tests compare both.
 */
import type { GeoipTable, TableAnswer } from "./address-location.ts";
import { inSlices } from "./in-slices.ts";
import { textOf, unlessZero } from "./table-text.ts";

const HEADER_BYTES = 256;
const HEADER = { version: 0, madeAt: 4, firstIndex: 8, lastIndex: 12, family: 16 };
/** By the first two bytes of an address: its first and its last index, each a 32-bit number. */
const VECTORS = 65_536;
const VECTOR_BYTES = 8;
/** An index ends with the length of its text, two bytes, and its place, four. */
const LENGTH_AND_PLACE_BYTES = 6;
/** Texts that are read to see how they are written. */
const SAMPLES = 2000;
const COUNTRY_CODE = /^[A-Z]{2}$/;

type Xdb = {
  readonly data: Buffer;
  readonly addressBytes: number;
  readonly indexBytes: number;
  readonly first: number;
  readonly last: number;
};

/** Whether a file begins like an xdb file. */
export function isXdb(data: Buffer): boolean {
  return data.length >= HEADER_BYTES && [2, 3].includes(data.readUInt16LE(HEADER.version)) && familyOf(data) !== null;
}

/** Checks each index, in slices of 2 ms. @throws Error that says what is wrong with the file */
export async function openXdb(data: Buffer): Promise<GeoipTable> {
  const addressBytes = familyOf(data) === 6 ? 16 : 4;
  const indexBytes = 2 * addressBytes + LENGTH_AND_PLACE_BYTES;
  const [first, last] = [data.readUInt32LE(HEADER.firstIndex), data.readUInt32LE(HEADER.lastIndex)];
  const xdb: Xdb = { data, addressBytes, indexBytes, first, last };
  if (first < HEADER_BYTES + VECTORS * VECTOR_BYTES || last < first || (last - first) % indexBytes !== 0)
    throw new Error("its header is damaged");
  if (last + indexBytes > data.length) throw new Error("it is shorter than its header says");
  await checkVectors(xdb);
  const hasCodes = await checkIndexes(xdb);
  const madeAt = data.readUInt32LE(HEADER.madeAt);
  return {
    kind: `xdb ${addressBytes === 4 ? "IPv4" : "IPv6"}`,
    madeAt: madeAt === 0 ? null : new Date(madeAt * 1000),
    find: ({ bytes }) => {
      if (bytes.length !== addressBytes) return null;
      const text = find(xdb, bytes);
      return text === null ? null : answerOf(text, hasCodes);
    },
  };
}

/** Format 2 has IPv4 only. */
function familyOf(data: Buffer): 4 | 6 | null {
  if (data.readUInt16LE(HEADER.version) === 2) return 4;
  const family = data.readUInt16LE(HEADER.family);
  return family === 4 || family === 6 ? family : null;
}

function find(xdb: Xdb, bytes: Buffer): string | null {
  const { data, addressBytes, indexBytes } = xdb;
  const vector = HEADER_BYTES + bytes.readUInt16BE(0) * VECTOR_BYTES;
  const [first, last] = [data.readUInt32LE(vector), data.readUInt32LE(vector + 4)];
  if (first === 0) return null;
  // Writers let the second pointer stand after the last index.
  let [low, high] = [0, Math.floor((Math.min(last, xdb.last) - first) / indexBytes)];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = first + middle * indexBytes;
    if (compare(xdb, bytes, at) < 0) high = middle - 1;
    else if (compare(xdb, bytes, at + addressBytes) > 0) low = middle + 1;
    else {
      const length = data.readUInt16LE(at + 2 * addressBytes);
      const place = data.readUInt32LE(at + 2 * addressBytes + 2);
      return textOf(data, place, place + length);
    }
  }
  return null;
}

/** Addresses of IPv4 are little-endian, of IPv6 big-endian. */
function compare({ data, addressBytes }: Xdb, bytes: Buffer, at: number): number {
  return addressBytes === 4 ? bytes.readUInt32BE(0) - data.readUInt32LE(at) : bytes.compare(data, at, at + addressBytes);
}

/**
 * `country|province|city|carrier`, then the country's code in newer files; in files of format 2 an area comes after the country. 0 or nothing for
 * what is not known. Newer files name other countries than China in English, so the code says which it is.
 */
function answerOf(text: string, hasCodes: boolean): TableAnswer {
  const fields = text.split("|").map(unlessZero);
  const [country = "", second = "", third = "", fourth = "", fifth = ""] = fields;
  if (fields.length >= 5 && !hasCodes) return { country, province: third, city: fourth, isp: fifth };
  return { country: COUNTRY_CODE.test(fifth) ? fifth : country, province: second, city: third, isp: fourth };
}

function checkVectors({ data, first, last, indexBytes }: Xdb): Promise<void> {
  return inSlices(VECTORS, (i) => {
    const at = HEADER_BYTES + i * VECTOR_BYTES;
    const from = data.readUInt32LE(at);
    const to = data.readUInt32LE(at + 4);
    if (from === 0 && to === 0) return;
    if (from < first || to < from || to > last + indexBytes || (from - first) % indexBytes !== 0)
      throw new Error("its vector index is damaged");
  });
}

/** Whether its texts end with a country's code. */
async function checkIndexes(xdb: Xdb): Promise<boolean> {
  const { data, addressBytes, indexBytes, first, last } = xdb;
  const count = (last - first) / indexBytes + 1;
  const every = Math.ceil(count / SAMPLES);
  let codes = 0;
  await inSlices(count, (i) => {
    const at = first + i * indexBytes;
    const length = data.readUInt16LE(at + 2 * addressBytes);
    const place = data.readUInt32LE(at + 2 * addressBytes + 2);
    if (!isOrdered(xdb, at)) throw new Error("its index is damaged");
    if (length === 0 || place < HEADER_BYTES || place + length > data.length) throw new Error("it has a text outside the file");
    if (i % every !== 0) return;
    const last = unlessZero(textOf(data, place, place + length).split("|")[4] ?? "");
    if (last !== "") codes += COUNTRY_CODE.test(last) ? 1 : -1;
  });
  return codes > 0;
}

/** Whether an index does not end before it begins. */
function isOrdered({ data, addressBytes }: Xdb, at: number): boolean {
  const end = at + addressBytes;
  return addressBytes === 4
    ? data.readUInt32LE(at) <= data.readUInt32LE(end)
    : data.compare(data, end, end + addressBytes, at, end) <= 0;
}
