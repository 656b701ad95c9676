/**
 * Streams that many watch, or are about to: nodes say with each beat how many people watch what there, and the one with the timetable how many
 * are expected in what begins soon. An edge fetches such a stream before the first of its own viewers comes.
 */
import { z } from "zod";

export const popularitySchema = z.object({
  app: z.string().max(128),
  name: z.string().max(128),
  /** People who watch it at the node that says so. */
  watching: z.number().int().min(0),
  /** People in the lesson that is about to begin, or has begun. */
  expected: z.number().int().min(0),
});

export type StreamPopularity = z.infer<typeof popularitySchema>;
type StreamName = Pick<StreamPopularity, "app" | "name">;

/** A beat says no more than so many of them. */
export const MAX_POPULAR_STREAMS = 50;

/** One line for each stream, the largest crowd first; as many as a beat may have. */
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

/** The streams that at least so many watch, or will. @param crowds what each node says */
export function popularStreams(crowds: readonly (readonly StreamPopularity[])[], enough: number): StreamName[] {
  const sums = Map.groupBy(crowds.flat(), ({ app, name }) => `${app}/${name}`).values();
  return [...sums].flatMap((group) => {
    const [one] = mergePopularity(group);
    return one && size(one) >= enough ? [{ app: one.app, name: one.name }] : [];
  });
}

function size({ watching, expected }: StreamPopularity): number {
  return Math.max(watching, expected);
}
