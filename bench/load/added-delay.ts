/**
 * Computes the added delay: the time from a frame's write at the publisher to its read at a viewer. Both sides log each tag with the same
 * clock, and a hash of the tag's first bytes identifies it.
 */
import { readFileSync } from "node:fs";
import { quantile, round } from "../report/table.ts";

type Seen = { readonly at: number; readonly hash: string };

const VIDEO = "9";

function read(file: string): Seen[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => line.split(","))
    .filter((fields) => fields[1] === VIDEO && fields.length === 5)
    .map(([at = "", , , , hash = ""]) => ({ at: Number(at) / 1000, hash }));
}

/** Median and 99th percentile in milliseconds, without the frames of the first second, which the viewer received from the join cache. */
export function addedDelay(publisherLog: string, viewerLog: string): { median: number; p99: number } | null {
  const sent = new Map<string, number[]>();
  for (const { at, hash } of read(publisherLog)) sent.set(hash, [...(sent.get(hash) ?? []), at]);
  const seen = read(viewerLog);
  const first = seen[0]?.at ?? 0;
  const delays = seen
    .filter(({ at }) => at > first + 1000)
    .flatMap(({ at, hash }) => {
      // The clip loops, so a hash repeats: the newest earlier tag is the right one.
      const sentAt = sent.get(hash)?.findLast((time) => time <= at);
      return sentAt === undefined ? [] : [at - sentAt];
    });
  return delays.length < 30 ? null : { median: round(quantile(delays, 0.5), 1), p99: round(quantile(delays, 0.99), 1) };
}
