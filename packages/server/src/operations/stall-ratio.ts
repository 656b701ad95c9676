/** Writes `lectern_view_stall_ratio`: a share of several processes is no sum of theirs. */
import { ENGINES } from "../contracts/playback-sessions/view-beacon.ts";
import { MINUTE } from "./playback-sessions/view-metrics.ts";
import type { MetricValues } from "./stream-metrics.ts";

const RATIO = "lectern_view_stall_ratio";

/** Adds the share of time that pictures stood still within the last minute, 0 to 1, of all processes together. */
export function writeStallRatio(processes: readonly MetricValues[]): string {
  const sum = (name: string, engine: string) =>
    processes
      .flat()
      .filter((metric) => metric.name === name)
      .flatMap(({ values }) => values)
      .reduce((total, { labels, value }) => total + (labels["engine"] === engine ? value : 0), 0);
  const lines = ENGINES.map((engine) => {
    const [watched, stalled] = [sum(MINUTE.watched, engine), sum(MINUTE.stalled, engine)];
    return `${RATIO}{engine="${engine}"} ${watched + stalled > 0 ? stalled / (watched + stalled) : 0}`;
  });
  const head = `# HELP ${RATIO} Share of the time that pictures stood still within the last minute, as players tell\n# TYPE ${RATIO} gauge`;
  return `${head}\n${lines.join("\n")}\n`;
}
