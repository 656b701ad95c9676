/** Reads MaxMind databases: GeoIP2 and GeoLite2 City, Country, ISP and ASN, and others of their form. https://maxmind.github.io/MaxMind-DB/ */
import type { GeoipTable, TableAnswer } from "./address-location.ts";
import { inSlices } from "./in-slices.ts";

const METADATA_MARKER = Buffer.from("abcdef4d61784d696e642e636f6d", "hex");
/** The metadata begin within the last 128 KiB: "Database Metadata" of the format's specification. */
const METADATA_WITHIN = 128 * 1024;
/** Zeros between the search tree and the data. */
const SEPARATOR_BYTES = 16;
/** Addresses that are looked up to see whether a file is whole. */
const TRIALS = 256;

/** Whether a file ends like a MaxMind database. */
export function isMmdb(data: Buffer): boolean {
  return data.subarray(-METADATA_WITHIN).includes(METADATA_MARKER);
}

/** Looks up some addresses to see whether it is whole, in slices. @throws Error that says what is wrong with the file */
export async function openMmdb(data: Buffer): Promise<GeoipTable> {
  // Few servers have such a file.
  const { Reader } = await import("mmdb-lib");
  const reader = new Reader<never>(data);
  const { ipVersion, searchTreeSize, databaseType, buildEpoch } = reader.metadata;
  if (searchTreeSize + SEPARATOR_BYTES > data.lastIndexOf(METADATA_MARKER)) throw new Error("it is shorter than its metadata say");
  await inSlices(TRIALS, (i) => {
    reader.get(`${i}.${(i * 37) % 256}.${(i * 91) % 256}.1`);
    if (ipVersion === 6) reader.get(`2${(i % 16).toString(16)}${(i % 8).toString(16)}0:${(i * 1031).toString(16)}::1`);
  });
  return {
    kind: `mmdb ${databaseType}`,
    madeAt: buildEpoch,
    find: ({ text, bytes }) => {
      if (bytes.length === 16 && ipVersion !== 6) return null;
      try {
        return answerOf(reader.get(text));
      } catch {
        // One damaged answer.
        return null;
      }
    },
  };
}

/** City: `country`, `subdivisions`, `city`. ISP and ASN: names of the carrier. */
function answerOf(found: unknown): TableAnswer | null {
  if (found === null || found === undefined) return null;
  const country = textAt(found, "country", "iso_code");
  const province = country === "CN" ? textAt(found, "subdivisions", "0", "iso_code") : "";
  return {
    country,
    province: province || nameAt(found, "subdivisions", "0"),
    city: nameAt(found, "city"),
    isp: ["isp", "organization", "autonomous_system_organization"]
      .map((key) => textAt(found, key))
      .join(" ")
      .trim(),
  };
}

/** In Chinese, else in English. */
function nameAt(found: unknown, ...path: readonly string[]): string {
  return textAt(found, ...path, "names", "zh-CN") || textAt(found, ...path, "names", "en");
}

function textAt(found: unknown, ...path: readonly string[]): string {
  let at = found;
  for (const key of path) at = typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined;
  return typeof at === "string" ? at : "";
}
