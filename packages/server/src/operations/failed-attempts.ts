/** Remembers who tried in vain to publish a stream lately, for the people of its lesson: the encoder alone is told otherwise, and shows little of it. */
import type { RefusedRequest } from "../access/policies/refusal-report.ts";
import type { Language } from "../platform/messages/language.ts";
import type { RefusalCode } from "../platform/refusal.ts";

export type FailedAttempt = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly protocol: string;
  readonly ip: string;
  /** The software, as it calls itself; empty: it did not. */
  readonly agent: string;
  readonly code: RefusalCode;
  readonly words: Readonly<Record<Language, string>>;
};

/** A stream that people try in vain to publish again and again. */
export type RepeatedAttempts = {
  /** `live/math` */
  readonly subject: string;
  /** In words for the operator: who, with what, and why. */
  readonly detail: string;
};

type Tried = { readonly last: readonly FailedAttempt[]; readonly isOfSchool: boolean; readonly publishedAt: number };

const PER_STREAM = 5;
/** So many attempts within this time, and none that succeeded since, are no slip of the hand. */
const REPEATED = { attempts: 3, withinMs: 600_000 } as const;
/** Operators have other things to read, too. */
const MAX_REPEATED = 20;
/** Strangers can try any name. The streams that nobody has tried for longest are forgotten first. */
const MAX_STREAMS = 2000;

export class FailedAttempts {
  private readonly streams = new Map<string, Tried>();

  note(requests: readonly RefusedRequest[]): void {
    for (const { action, dryRun, target, at, protocol, ip, code, publisher, schoolId } of requests) {
      if (action !== "publish" || dryRun || !publisher) continue;
      const before = this.streams.get(target);
      this.streams.delete(target);
      this.streams.set(target, {
        last: [{ at, protocol, ip, code, ...publisher }, ...(before?.last ?? [])].slice(0, PER_STREAM),
        isOfSchool: schoolId !== null || before?.isOfSchool === true,
        publishedAt: before?.publishedAt ?? 0,
      });
      const [oldest] = this.streams.keys();
      if (this.streams.size > MAX_STREAMS && oldest !== undefined) this.streams.delete(oldest);
    }
  }

  /** Of a stream, the newest first. */
  readonly of = (app: string, name: string): readonly FailedAttempt[] => this.streams.get(`${app}/${name}`)?.last ?? [];

  /** Somebody publishes the stream: what failed before does not count as repeated. @param at milliseconds since 1970 */
  published(app: string, name: string, at: number): void {
    const target = `${app}/${name}`;
    const tried = this.streams.get(target);
    if (tried) this.streams.set(target, { ...tried, publishedAt: at });
  }

  /** Streams of schools that are tried in vain again and again now. @param now milliseconds since 1970 */
  repeated(now: number): readonly RepeatedAttempts[] {
    const found: RepeatedAttempts[] = [];
    for (const [subject, { last, isOfSchool, publishedAt }] of this.streams) {
      const counted = last.filter(({ at }) => at > publishedAt && at > now - REPEATED.withinMs);
      const [newest] = counted;
      if (!newest || !isOfSchool || counted.length < REPEATED.attempts) continue;
      const { ip, agent, protocol, words } = newest;
      found.push({ subject, detail: `The last from ${ip} by ${protocol}${agent === "" ? "" : `, ${agent}`}: ${words.en}` });
    }
    return found.slice(-MAX_REPEATED);
  }
}
