/** Keeps what the nodes have measured last of candidates' streams. */
import { isExamStream } from "../../../access/policies/stream-policy.ts";
import type { NodeSample } from "../../../contracts/monitoring/node-sample.ts";
import type { CandidateUplink } from "../candidate-streams.ts";

/** A sample comes every ten seconds. */
const KEPT_MS = 25_000;
const SWEEP_MS = 60_000;

export class CandidateUplinks {
  private readonly byStream = new Map<string, CandidateUplink>();
  private sweptAt = 0;

  /** @param now milliseconds since 1970 */
  take({ uplinks }: Pick<NodeSample, "uplinks">, now: number): void {
    for (const { stream, kbps, fps, health, verdict } of uplinks)
      if (isExamStream(stream.slice(stream.indexOf("/") + 1))) this.byStream.set(stream, { kbps, fps, health, verdict, at: now });
    if (now - this.sweptAt < SWEEP_MS) return;
    this.sweptAt = now;
    for (const [stream, { at }] of this.byStream) if (now - at > KEPT_MS) this.byStream.delete(stream);
  }

  /** Null: nothing was measured lately. */
  of(app: string, name: string, now: number): CandidateUplink | null {
    const known = this.byStream.get(`${app}/${name}`);
    return known && now - known.at <= KEPT_MS ? known : null;
  }
}
