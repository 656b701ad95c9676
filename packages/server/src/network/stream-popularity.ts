/**
 * Finds popular streams: each node reports its viewers by stream with its heartbeat, and the node with the timetable reports how many are
 * expected in lessons that begin soon. An edge fetches a popular stream before its own first viewer.
 */
import { z } from "zod";

export const popularitySchema = z.object({
  app: z.string().max(128),
  name: z.string().max(128),
  /** Viewers at the reporting node. */
  watching: z.number().int().min(0),
  /** Members of the lesson, when it is about to begin or has begun. */
  expected: z.number().int().min(0),
});

export type StreamPopularity = z.infer<typeof popularitySchema>;
type StreamName = Pick<StreamPopularity, "app" | "name">;

/** In one heartbeat. */
export const MAX_POPULAR_STREAMS = 50;

/** One row for each stream, the most popular first, as many as a heartbeat may have. */
export function mergePopularity(all: readonly StreamPopularity[]): StreamPopularity[] {
  const groups = Map.groupBy(all, ({ app, name }) => `${app}/${name}`).values();
  return [...groups]
    .map((group) => ({
      app: group[0]?.app ?? "",
      name: group[0]?.name ?? "",
      watching: group.reduce((sum, { watching }) => sum + watching, 0),
      expected: Math.max(...group.map(({ expected }) => expected)),
    }))
    .sort((a, b) => size(b) - size(a))
    .slice(0, MAX_POPULAR_STREAMS);
}

/** Streams with at least so many viewers, now or expected. @param reports one list for each node */
export function popularStreams(reports: readonly (readonly StreamPopularity[])[], enough: number): StreamName[] {
  const sums = Map.groupBy(reports.flat(), ({ app, name }) => `${app}/${name}`).values();
  return [...sums].flatMap((group) => {
    const [one] = mergePopularity(group);
    return one && size(one) >= enough ? [{ app: one.app, name: one.name }] : [];
  });
}

function size({ watching, expected }: StreamPopularity): number {
  return Math.max(watching, expected);
}
