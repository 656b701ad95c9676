/**
 * Decides which segments of a live stream are encrypted. A segment is what the rules said when it began: where a rule comes or goes while the
 * stream is live, it holds from the next segment on, and players go on without a break. Workers may learn of the rule a segment apart; a file's
 * address names its key, so each playlist is right by itself.
 */
import type { ContentKey, ContentKeys } from "../../access/encryption/content-keys.ts";
import type { Encryption } from "../../access/policies/content-protection.ts";

/** From a segment on. */
type Change = { readonly msn: number; readonly encryption: Encryption | null };

/** While nobody can tell whether there is a rule, all is encrypted. */
const UNKNOWN: Encryption = { segmentsPerKey: 10 };
/** A policy that changes more often than this during a stream forgets its oldest changes. */
const MAX_CHANGES = 100;

export class SegmentKeys {
  private readonly keys: ContentKeys;
  private readonly epoch: string;
  private readonly now: () => Encryption | null | undefined;
  private readonly changes: Change[] = [];
  private newest = -1;

  /** @param now what the rules say now; undefined: they are not known */
  constructor(keys: ContentKeys, epoch: string, now: () => Encryption | null | undefined) {
    this.keys = keys;
    this.epoch = epoch;
    this.now = now;
  }

  /** A segment has begun. */
  began(msn: number): void {
    if (msn <= this.newest) return;
    this.newest = msn;
    this.note(msn);
  }

  /** The key of a segment, also of the next one; null: it is not encrypted. */
  of(msn: number): ContentKey | null {
    const announced = msn > this.newest ? this.now() : undefined;
    const encryption = announced === undefined ? this.at(msn) : announced;
    return encryption && this.keys.of(this.epoch, msn, encryption.segmentsPerKey);
  }

  /** Whether viewers may have a segment that is not encrypted. */
  isOpen(msn: number): boolean {
    return this.now() === null || this.of(msn) === null;
  }

  /** The key with a name; null: no playlist has named it. */
  find(name: string): ContentKey | null {
    return this.keys.find(this.epoch, name);
  }

  private at(msn: number): Encryption | null {
    // The segments that were there before are as the rules say at first.
    if (this.changes.length === 0) this.note(0);
    const change = this.changes.findLast((one) => one.msn <= msn) ?? this.changes[0];
    return change ? change.encryption : UNKNOWN;
  }

  private note(msn: number): void {
    const encryption = this.now();
    const last = this.changes.at(-1);
    if (encryption === undefined) return;
    if (last && last.encryption?.segmentsPerKey === encryption?.segmentsPerKey) return;
    this.changes.push({ msn, encryption });
    if (this.changes.length > MAX_CHANGES) this.changes.shift();
  }
}
