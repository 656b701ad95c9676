/**
 * Says why a stream that is wanted here does not arrive. Each source is in one state:
 *
 *     untried ─▶ connecting ─▶ accepted ─▶ delivering
 *        ▲           │            │            │
 *        └─ (due) ─ failed ◀──────┴────────────┘
 *
 * A source that failed is tried again when it is due. The stream is fetched while one source is accepted or delivering and is heard.
 */

/** unreachable: its node is not known, or is gone. refused: it does not have the stream. silent: it answers no pings. broken: it broke the protocol. */
export type PathFault = Exclude<FetchReason, "no-source" | "connecting">;
export type SourceState = "untried" | "connecting" | "accepted" | "delivering" | "failed";

export type SourceReport = {
  readonly peer: string;
  readonly state: SourceState;
  /** Of its last failure; null: it has not failed since it last delivered. */
  readonly fault: PathFault | null;
  /** Milliseconds until it is tried again; null: it is not failed. */
  readonly dueInMs: number | null;
};

export type FetchReport = {
  /** APP/NAME, with its rung. */
  readonly stream: string;
  /** For how long nothing has been heard of any source. */
  readonly waitingMs: number;
  readonly sources: readonly SourceReport[];
};

/** The reason of a report in one word, for metrics. */
export const FETCH_REASONS = [
  "no-source",
  "connecting",
  "unreachable",
  "refused",
  "closed",
  "silent",
  "broken",
  "expired",
] as const;
export type FetchReason = (typeof FETCH_REASONS)[number];

/** A source that was heard within this is a source. Peers answer pings each second. */
export const HEARD_WITHIN_MS = 3000;

export function fetchReason({ sources }: FetchReport): FetchReason {
  const [first] = sources;
  if (!first) return "no-source";
  return sources.find(({ fault }) => fault !== null)?.fault ?? "connecting";
}

/** `a/media-1 failed (refused), again in 400 ms; b/media-1 connecting` */
export function explainFetch({ sources }: FetchReport): string {
  if (sources.length === 0) return "no node is known that has it";
  return sources
    .map(({ peer, state, fault, dueInMs }) => {
      const why = fault === null ? "" : ` (${fault})`;
      return `${peer} ${state}${why}${dueInMs === null ? "" : `, again in ${dueInMs} ms`}`;
    })
    .join("; ");
}
