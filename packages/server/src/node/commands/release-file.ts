/** Defines `release.json`, which lies beside the artefacts of a release, and compares versions (Semantic Versioning 2.0.0, section 11). */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "./start-refusal.ts";

const deprecation = z.object({
  part: z.enum(["configuration", "api", "room", "webhooks", "metrics"]),
  name: z.string(),
  since: z.string(),
  until: z.iso.date(),
  instead: z.string(),
});

/** What a later version adds is left out. */
const releaseFile = z.object({
  version: z.string().regex(/^\d+\.\d+\.\d+(?:-[\w.-]+)?$/),
  date: z.iso.date(),
  /** The oldest and the newest changes of the tables that it knows. It reads a database from the oldest on. */
  database: z.object({ first: z.string(), last: z.string() }),
  deprecations: z.array(deprecation).readonly(),
  files: z.array(z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })).readonly(),
});
export type ReleaseFile = z.infer<typeof releaseFile>;

/** @throws UsageError where it is no such file */
export function readReleaseFile(file: string): ReleaseFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const read = releaseFile.safeParse(parsed(text));
  if (!read.success) throw new UsageError(`${file} is no release.json: ${z.prettifyError(read.error)}`);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Negative where `a` is older than `b`, 0 where both are the same. */
export function compareVersions(a: string, b: string): number {
  const [coreA = "", preA] = splitVersion(a);
  const [coreB = "", preB] = splitVersion(b);
  const core = compareIdentifiers(coreA, coreB);
  if (core !== 0 || preA === preB) return core;
  // A version without a pre-release is newer than those before it.
  if (preA === undefined) return 1;
  return preB === undefined ? -1 : compareIdentifiers(preA, preB);
}

function splitVersion(version: string): readonly [string, string | undefined] {
  const at = version.indexOf("-");
  return at < 0 ? [version, undefined] : [version.slice(0, at), version.slice(at + 1)];
}

/** Numbers by their value and before words; of two that begin alike, the longer is newer. */
function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [one, other] = [left[i], right[i]];
    if (one === undefined || other === undefined) return one === other ? 0 : one === undefined ? -1 : 1;
    const numeric = [one, other].map((text) => /^\d+$/.test(text));
    if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
    const order = numeric[0] ? Number(one) - Number(other) : one < other ? -1 : one > other ? 1 : 0;
    if (order !== 0) return order;
  }
  return 0;
}
