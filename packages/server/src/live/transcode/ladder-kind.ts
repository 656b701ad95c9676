/** Names the leases of ladders and forms in the rows of the stream table. */
import type { JobLease } from "../../platform/jobs/job.ts";
import { RENDITIONS, type Rendition } from "../stream-name.ts";

const LADDER = "ladder";

/** The kind of a ladder's lease, or of a form's. */
export function ladderKind(rendition: Rendition | null): string {
  return rendition === null ? LADDER : `${LADDER}-${rendition}`;
}

/** The ladder, and every form. */
export const LADDER_RENDITIONS: readonly (Rendition | null)[] = [null, ...RENDITIONS];

/** The ladder and the renditions of a stream that a node has leases of. @param jobs of the stream, by kind */
export function leasesOf(jobs: Readonly<Record<string, JobLease>>, node: string): { rendition: Rendition | null; cores: number }[] {
  return LADDER_RENDITIONS.flatMap((rendition) => {
    const lease = jobs[ladderKind(rendition)];
    return lease?.node === node ? [{ rendition, cores: lease.cores ?? 0 }] : [];
  });
}

/** Whether a lease is that of a ladder or a form. */
export function isLadderKind(kind: string): boolean {
  return LADDER_RENDITIONS.some((rendition) => ladderKind(rendition) === kind);
}
