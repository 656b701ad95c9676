/** Provides series of the server's monitoring, fetched again as they grow. */
import { serverClock } from "@lectern/player/server-clock";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "../../session/api.ts";

/** How far back a page shows, in seconds. */
export const SPANS = { "2h": 7200, "2d": 172_800, "30d": 2_592_000 } as const;
export type Span = keyof typeof SPANS;

/** New values come every ten seconds, or every minute in longer spans. */
const REFETCH_MS = { "2h": 10_000, "2d": 60_000, "30d": 300_000 } as const;

export type SeriesKind = "node" | "link" | "hop" | "stream" | "component" | "lesson" | "platform" | "probe";

export type SeriesData = {
  /** Unix seconds, the same for all metrics. */
  readonly times: readonly number[];
  /** Values by metric; null where there is none. */
  readonly values: ReadonlyMap<string, readonly (number | null)[]>;
};

/** @param metrics at most 20 */
export function useHistory(kind: SeriesKind, subject: string, metrics: readonly string[], span: Span) {
  return useQuery({
    queryKey: ["series", kind, subject, metrics.join(), span],
    queryFn: () => loadHistory(kind, subject, metrics, span),
    refetchInterval: REFETCH_MS[span],
    placeholderData: keepPreviousData,
  });
}

async function loadHistory(kind: SeriesKind, subject: string, metrics: readonly string[], span: Span): Promise<SeriesData> {
  const to = serverClock.now();
  const from = to - SPANS[span] * 1000;
  const query = { kind, subject, metric: metrics.join(), from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const { from: begin, stepSeconds, series } = await unwrap(api().GET("/api/v1/series", { params: { query } }));
  const length = Math.max(0, ...series.map(({ values }) => values.length));
  const first = Date.parse(begin) / 1000;
  return {
    times: Array.from({ length }, (_, i) => first + i * stepSeconds),
    values: new Map(series.map(({ metric, values }) => [metric, values])),
  };
}
