/**
 * Ends streams of candidates that have far more bits a second than their examination allows: a thousand cameras fit into a machine because each is small, and one of a
 * modified page may not take the place of a hundred others.
 */
import { isExamStream, memberOf } from "../../access/policies/stream-policy.ts";
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { Stream, Streams } from "../../live/streams/index.ts";

const LOOK_EVERY_MS = 5000;
/** Rates are of five seconds, so a stream is ended that has too many bits for ten. */
const LOOKS = 2;
export const TOO_FAST = "publish-too-fast";

/** A stream that is written here. */
type Measured = Pick<Stream, "app" | "name" | "writing" | "end"> & {
  readonly statistics: { readonly look: () => { readonly videoKbps: number; readonly audioKbps: number } };
};

export class CandidateRates {
  private readonly list: () => readonly Measured[];
  private readonly policies: Pick<StreamPolicyCache, "peek">;
  private fast = new Map<Measured, number>();

  constructor(list: () => readonly Measured[], policies: Pick<StreamPolicyCache, "peek">) {
    this.list = list;
    this.policies = policies;
  }

  look(): void {
    const before = this.fast;
    this.fast = new Map();
    for (const stream of this.list()) {
      if (!stream.writing || !isExamStream(stream.name) || !this.isFast(stream)) continue;
      const looks = (before.get(stream) ?? 0) + 1;
      if (looks >= LOOKS) stream.end(TOO_FAST);
      else this.fast.set(stream, looks);
    }
  }

  private isFast({ app, name, statistics }: Measured): boolean {
    const member = memberOf(name) ?? "";
    const limits = Object.entries(this.policies.peek(app, name)?.memberKbps ?? {});
    const limit = limits.find(([part]) => member.includes(part))?.[1];
    if (limit === undefined) return false;
    const { videoKbps, audioKbps } = statistics.look();
    return videoKbps + audioKbps > limit;
  }
}

/** Looks for as long as the process lives. */
export function watchCandidateRates(streams: Pick<Streams, "list">, policies: Pick<StreamPolicyCache, "peek">): void {
  const rates = new CandidateRates(() => streams.list(), policies);
  setInterval(() => rates.look(), LOOK_EVERY_MS).unref();
}
