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

const PER_STREAM = 5;
/** Strangers can try any name. The streams that nobody has tried for longest are forgotten first. */
const MAX_STREAMS = 2000;

export class FailedAttempts {
  private readonly streams = new Map<string, readonly FailedAttempt[]>();

  note(requests: readonly RefusedRequest[]): void {
    for (const { action, dryRun, target, at, protocol, ip, code, publisher } of requests) {
      if (action !== "publish" || dryRun || !publisher) continue;
      const before = this.streams.get(target) ?? [];
      this.streams.delete(target);
      this.streams.set(target, [{ at, protocol, ip, code, ...publisher }, ...before].slice(0, PER_STREAM));
      const [oldest] = this.streams.keys();
      if (this.streams.size > MAX_STREAMS && oldest !== undefined) this.streams.delete(oldest);
    }
  }

  /** Of a stream, the newest first. */
  readonly of = (app: string, name: string): readonly FailedAttempt[] => this.streams.get(`${app}/${name}`) ?? [];
}
