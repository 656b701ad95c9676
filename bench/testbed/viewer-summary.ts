/** Summarizes what the viewers of each protocol received: gaps, reconnects, losses. */
import type { Seen } from "../../e2e/viewers.ts";

/** The viewers of one protocol. Gaps and `behindMs` are those of the worst viewer; counts are sums. */
export type ProtocolSummary = {
  readonly protocol: string;
  readonly viewers: number;
  readonly longestGapMs: number;
  /** Median of the viewers' longest gaps. */
  readonly medianGapMs: number;
  readonly reconnects: number;
  /** Frames or parts that arrived at no time, between others that arrived. */
  readonly lost: number;
  /** How far playback has fallen behind the stream. */
  readonly behindMs: number;
};

export function summarize(all: readonly Seen[]): ProtocolSummary[] {
  return [...Map.groupBy(all, ({ protocol }) => protocol)].map(([protocol, group]) => {
    const gaps = group.map(({ longestGapMs }) => longestGapMs).sort((a, b) => a - b);
    return {
      protocol,
      viewers: group.length,
      longestGapMs: Math.round(gaps.at(-1) ?? 0),
      medianGapMs: Math.round(gaps[Math.floor(gaps.length / 2)] ?? 0),
      reconnects: group.reduce((sum, { reconnects }) => sum + reconnects, 0),
      lost: group.reduce((sum, { lost }) => sum + lost, 0),
      behindMs: Math.round(Math.max(...group.map(({ behindMs }) => behindMs))),
    };
  });
}

/** Merges the summaries of several groups of viewers into one for each protocol. */
export function mergeSummaries(summaries: readonly ProtocolSummary[]): ProtocolSummary[] {
  return [...Map.groupBy(summaries, ({ protocol }) => protocol)].map(([protocol, same]) => {
    const most = (of: (summary: ProtocolSummary) => number) => Math.max(...same.map(of));
    const sum = (of: (summary: ProtocolSummary) => number) => same.reduce((total, summary) => total + of(summary), 0);
    return {
      protocol,
      viewers: sum(({ viewers }) => viewers),
      longestGapMs: most(({ longestGapMs }) => longestGapMs),
      medianGapMs: most(({ medianGapMs }) => medianGapMs),
      reconnects: sum(({ reconnects }) => reconnects),
      lost: sum(({ lost }) => lost),
      behindMs: most(({ behindMs }) => behindMs),
    };
  });
}

/** The longest time in which any viewer received nothing new. */
export function longestGap(summaries: readonly ProtocolSummary[]): number {
  return Math.max(...summaries.map(({ longestGapMs }) => longestGapMs));
}
