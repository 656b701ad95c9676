/** Derives the keys of a stored playlist's segments before it is written: those of a day take longer than other viewers may wait. */
import type { ContentKey, ContentKeys } from "../../access/encryption/content-keys.ts";
import type { Encryption } from "../../access/policies/content-protection.ts";
import type { Timeline } from "../files/timeline.ts";

/** The key of a segment by its epoch and media sequence number; null: it is not encrypted. */
export type TimelineKeys = (epoch: string, msn: number) => ContentKey | null;

/** Some hundred microseconds. */
const AT_ONCE = 100;

/** @param from number of the first segment; @param to behind the last one */
export async function timelineKeys(
  timeline: Timeline,
  [from, to]: readonly [from: number, to: number],
  keys: ContentKeys,
  encryption: Encryption | null,
): Promise<TimelineKeys> {
  if (!encryption) return () => null;
  const { segmentsPerKey } = encryption;
  const derived = new Map<string, ContentKey>();
  const idOf = (epoch: string, msn: number) => `${epoch} ${msn}`;
  for (let number = from; number < to; number++) {
    const segment = timeline.segment(number);
    if (segment) {
      const { msn, file } = segment;
      derived.set(idOf(file.line.epoch, msn), keys.of(file.line.epoch, msn, segmentsPerKey));
    }
    if ((number - from) % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return (epoch, msn) => derived.get(idOf(epoch, msn)) ?? keys.of(epoch, msn, segmentsPerKey);
}
