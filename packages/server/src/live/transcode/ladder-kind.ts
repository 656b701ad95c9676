/** Names the leases of ladders and forms in the rows of the stream table. */
import type { JobLease } from "../../platform/jobs/job.ts";
import { FORMS, type Form } from "../stream-name.ts";

const LADDER = "ladder";

/** The kind of a ladder's lease, or of a form's. */
export function ladderKind(form: Form | null): string {
  return form === null ? LADDER : `${LADDER}-${form}`;
}

/** The ladder, and every form. */
export const LADDER_FORMS: readonly (Form | null)[] = [null, ...FORMS];

/** The ladder and the forms of a stream that a node has leases of. @param jobs of the stream, by kind */
export function leasesOf(jobs: Readonly<Record<string, JobLease>>, node: string): { form: Form | null; cores: number }[] {
  return LADDER_FORMS.flatMap((form) => {
    const lease = jobs[ladderKind(form)];
    return lease?.node === node ? [{ form, cores: lease.cores ?? 0 }] : [];
  });
}

/** Whether a lease is that of a ladder or a form. */
export function isLadderKind(kind: string): boolean {
  return LADDER_FORMS.some((form) => ladderKind(form) === kind);
}
