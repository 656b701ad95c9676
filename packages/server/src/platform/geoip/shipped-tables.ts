/**
 * Reads the two tables of the npm package ip2region: `ip2region.db` (IPv4, format 1 of ip2region) and `ipv6wry.db` (IPv6, format IPDB of zxinc).
 * The package's own reader loses the borders between country, province and city of IPv6, reads both files while the process waits, and believes
 * ISATAP addresses, so only its data are used.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { GeoipTable, TableAnswer } from "./address-location.ts";
import { textOf, unlessZero } from "./table-text.ts";

const require = createRequire(import.meta.url);

/** Of an IPv4 index: the first and the last address, and where the text is, each a 32-bit number, little-endian. */
const IPV4_INDEX_BYTES = 12;
/** Before each text: the number of its city. */
const CITY_ID_BYTES = 4;
/** Of an IPv6 index: the first 64 bits of an address, little-endian, before the place of its text. */
const IPV6_START_BYTES = 8;
/** In place of a text: the place where the answer, or only this text, is. */
const REDIRECTS = { answer: 1, text: 2 };
const MAX_REDIRECTS = 8;
const IPV6_HEADER_BYTES = 24;
/** Answers that are remembered: there are about as many. */
const MAX_ANSWERS = 50_000;

/** About 11 MB. @throws Error when the package's files are missing or damaged */
export async function loadShippedTables(): Promise<readonly GeoipTable[]> {
  const [ipv4, ipv6] = await Promise.all([
    readFile(require.resolve("ip2region/data/ip2region.db")),
    readFile(require.resolve("ip2region/data/ipv6wry.db")),
  ]);
  return [ipv4Table(ipv4), ipv6Table(ipv6)];
}

function ipv4Table(data: Buffer): GeoipTable {
  const [first, last] = [data.readUInt32LE(0), data.readUInt32LE(4)];
  if (first > last || last + IPV4_INDEX_BYTES > data.length) throw new Error("ip2region.db is damaged");
  const count = (last - first) / IPV4_INDEX_BYTES + 1;
  // The place of a text is in three bytes, and its length in one.
  const answer = remembering((pointer) => {
    const start = pointer & 0xffffff;
    return ipv4Answer(textOf(data, start + CITY_ID_BYTES, start + (pointer >>> 24)));
  });
  return {
    kind: "IPv4",
    madeAt: dateIn(data.toString("latin1", last + IPV4_INDEX_BYTES)),
    find: ({ bytes }) => {
      if (bytes.length !== 4) return null;
      const ip = bytes.readUInt32BE(0);
      const at = first + IPV4_INDEX_BYTES * lastUpTo(count, (i) => data.readUInt32LE(first + i * IPV4_INDEX_BYTES) <= ip);
      if (ip > data.readUInt32LE(at + 4)) return null;
      return answer(data.readUInt32LE(at + 8));
    },
  };
}

/** `country|area|province|city|carrier`, 0 for what is not known. */
function ipv4Answer(text: string): TableAnswer {
  const [country = "", , province = "", city = "", isp = ""] = text.split("|").map(unlessZero);
  return { country, province, city, isp };
}

function ipv6Table(data: Buffer): GeoipTable {
  const offsetBytes = data.readUInt8(6);
  const [count, first] = [Number(data.readBigUInt64LE(8)), Number(data.readBigUInt64LE(16))];
  const indexBytes = IPV6_START_BYTES + offsetBytes;
  if (data.toString("latin1", 0, 4) !== "IPDB" || count === 0 || first + count * indexBytes > data.length)
    throw new Error("ipv6wry.db is damaged");
  const answers = remembering(ipv6Answers(data, offsetBytes));
  return {
    kind: "IPv6",
    madeAt: dateIn(data.toString("latin1", IPV6_HEADER_BYTES, IPV6_HEADER_BYTES + 32)),
    find: ({ bytes }) => {
      if (bytes.length !== 16) return null;
      const [high, low] = [bytes.readUInt32BE(0), bytes.readUInt32BE(4)];
      const isUpTo = (i: number): boolean => {
        const at = first + i * indexBytes;
        const start = data.readUInt32LE(at + 4);
        return start < high || (start === high && data.readUInt32LE(at) <= low);
      };
      const at = first + indexBytes * lastUpTo(count, isUpTo);
      return answers(data.readUIntLE(at + IPV6_START_BYTES, offsetBytes));
    },
  };
}

/** Reads answers of two texts: the place with tabs between its parts, and the carrier. */
function ipv6Answers(data: Buffer, offsetBytes: number): (at: number) => TableAnswer {
  const target = (at: number): number => data.readUIntLE(at + 1, offsetBytes);
  const followed = (at: number, ...kinds: readonly number[]): number => {
    let now = at;
    for (let i = 0; i < MAX_REDIRECTS && kinds.includes(data[now] ?? 0); i++) now = target(now);
    return now;
  };
  const text = (at: number): string => {
    const start = followed(at, REDIRECTS.answer, REDIRECTS.text);
    return textOf(data, start, data.indexOf(0, start));
  };
  return (at) => {
    const answer = followed(at, REDIRECTS.answer);
    const isp = data[answer] === REDIRECTS.text ? answer + 1 + offsetBytes : data.indexOf(0, answer) + 1;
    return ipv6Answer(text(answer), text(isp));
  };
}

/** 中国 香港区 and 法国 留尼汪 are a country and a part of it that has a code of its own. */
function ipv6Answer(place: string, isp: string): TableAnswer {
  const [country = "", province = "", city = ""] = place.split("\t").map((part) => part.trim());
  const [, part] = country.split(" ");
  return { country: part ?? country, province, city, isp };
}

/** Many networks have the same answer. */
function remembering(read: (at: number) => TableAnswer): (at: number) => TableAnswer {
  const known = new Map<number, TableAnswer>();
  return (at) => {
    const before = known.get(at);
    if (before) return before;
    const answer = read(at);
    if (known.size >= MAX_ANSWERS) known.clear();
    known.set(at, answer);
    return answer;
  };
}

/** The index of the last entry that fits; the first always does, and none fits after one that does not. */
function lastUpTo(count: number, fits: (i: number) => boolean): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** 2021/10/25 and 20210511, within other text. */
function dateIn(text: string): Date | null {
  const [, year, month, day] = /(20\d\d)\/?([01]\d)\/?([0-3]\d)/.exec(text) ?? [];
  return year ? new Date(`${year}-${month}-${day}T00:00:00Z`) : null;
}
