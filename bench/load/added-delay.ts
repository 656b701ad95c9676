/**
 * Added delay: from when the publisher wrote a frame to when a viewer read it. Both sides log each tag with the same clock; tags are
 * known again by a hash of their beginning.
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

/** Median and 99th percentile in milliseconds, of the frames that a viewer read after its backlog. */
export function addedDelay(publisherLog: string, viewerLog: string): { median: number; p99: number } | null {
  const sent = new Map<string, number[]>();
  for (const { at, hash } of read(publisherLog)) sent.set(hash, [...(sent.get(hash) ?? []), at]);
  const seen = read(viewerLog);
  const first = seen[0]?.at ?? 0;
  const delays = seen
    .filter(({ at }) => at > first + 1000)
    .flatMap(({ at, hash }) => {
      // The clip repeats: the newest that was sent before is the one.
      const sentAt = sent.get(hash)?.findLast((time) => time <= at);
      return sentAt === undefined ? [] : [at - sentAt];
    });
  return delays.length < 30 ? null : { median: round(quantile(delays, 0.5), 1), p99: round(quantile(delays, 0.99), 1) };
}
