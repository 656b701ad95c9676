/** Archives that lie: about the number of their entries, their sizes and their places. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { strToU8, unzipSync, zipSync } from "fflate";
import { readQuestions } from "./index.ts";
import { unzip } from "./unzip.ts";

const MEGABYTE = 1024 * 1024;
const OPTIONS = { isWanted: () => true, maxFiles: 2000, maxBytes: 32 * MEGABYTE };
const TEXTS = {
  "a.xml": strToU8("<a/>"),
  "folder/b.xml": strToU8("text of the second file ".repeat(200)),
  "empty.xml": new Uint8Array(0),
};

/** Where the list of entries begins, and its end. */
function placesOf(zip: Uint8Array): { readonly list: number; readonly end: number; readonly view: DataView } {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  return { list: view.getUint32(end + 16, true), end, view };
}

/** The list has its only entry so often. */
function repeatedEntry(zip: Uint8Array, count: number): Uint8Array {
  const { list, end } = placesOf(zip);
  const entry = zip.subarray(list, end);
  const entries = Array.from({ length: count }, (_, i) => {
    const copy = entry.slice();
    copy.set(strToU8(String(i).padStart(4, "0")), 46);
    return copy;
  });
  const tail = zip.slice(end);
  const view = new DataView(tail.buffer);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, entry.length * count, true);
  return Buffer.concat([zip.subarray(0, list), ...entries, tail]);
}

test("what is stored and what is packed is read as it was, and only what is wanted", () => {
  for (const level of [0, 6] as const) {
    const zip = zipSync(TEXTS, { level });
    assert.deepEqual(Object.fromEntries(unzip(zip, OPTIONS) as Map<string, Uint8Array>), unzipSync(zip));
    const some = unzip(zip, { ...OPTIONS, isWanted: (name) => name.startsWith("folder/") });
    assert.deepEqual([...(some as Map<string, Uint8Array>).keys()], ["folder/b.xml"]);
  }
});

test("an archive that says less than it unpacks to is not unpacked to its end", { timeout: 20_000 }, () => {
  const zip = zipSync({ "a.xml": new Uint8Array(8 * MEGABYTE) }, { level: 1 });
  const { list, view } = placesOf(zip);
  view.setUint32(list + 24, 0, true);
  assert.equal(unzip(zip, { ...OPTIONS, maxBytes: MEGABYTE }), "too-large");
});

test("entries that are all in one place are none", { timeout: 20_000 }, () => {
  const zip = zipSync({ "0000.xml": new Uint8Array(2 * MEGABYTE) }, { level: 1 });
  const { list, view } = placesOf(zip);
  view.setUint32(list + 24, 0, true);
  assert.equal(unzip(repeatedEntry(zip, 200), OPTIONS), "damaged");
});

test("a number of entries that is a lie costs nothing, in an archive of either size", { timeout: 20_000 }, () => {
  const zip = zipSync(TEXTS);
  const { end, view } = placesOf(zip);
  view.setUint16(end + 8, 0xffff, true);
  view.setUint16(end + 10, 0xffff, true);
  assert.equal(unzip(zip, OPTIONS), "damaged");
  // ZIP64 (sections 4.3.14 and 4.3.15): its record, its locator, and the end of the list.
  const record = new Uint8Array(56 + 20 + 22);
  const of64 = new DataView(record.buffer);
  of64.setUint32(0, 0x06064b50, true);
  of64.setUint32(32, 0xffffffff, true);
  of64.setUint32(56, 0x07064b50, true);
  of64.setUint32(76, 0x06054b50, true);
  of64.setUint16(84, 0xffff, true);
  of64.setUint16(86, 0xffff, true);
  of64.setUint32(48, 1000, true);
  const large = Buffer.concat([zip.subarray(0, 4), record]);
  new DataView(large.buffer, large.byteOffset).setUint32(4 + 56 + 8, 4, true);
  assert.equal(unzip(large, OPTIONS), "damaged");
  assert.equal(readQuestions("qti", large).mistakes[0]?.code, "not-well-formed");
});

test("an archive that is cut anywhere, or has a changed byte, is read or refused", () => {
  const zip = zipSync(TEXTS);
  for (let length = 0; length < zip.length; length++) assert.equal(unzip(zip.subarray(0, length), OPTIONS), "damaged", `${length}`);
  for (let at = 0; at < zip.length; at++) for (const value of [0x00, 0xff]) unzip(zip.with(at, value), OPTIONS);
});

test("too many files are refused, and too many bytes of several", () => {
  const many = zipSync(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}.xml`, strToU8("x")])));
  assert.equal(unzip(many, { ...OPTIONS, maxFiles: 10 }), "too-large");
  assert.equal(unzip(zipSync(TEXTS), { ...OPTIONS, maxBytes: 1000 }), "too-large");
});
