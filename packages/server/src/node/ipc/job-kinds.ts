/** Names the leases of forwards and captions in the rows of the stream table, and the kinds of all leases as people know them. */
import type { WantedCaptions, WantedForward } from "../../contracts/jobs/wanted-jobs.ts";
import { isLadderKind } from "../../live/transcode/ladder-kind.ts";

/** What people want done with a stream while it is live, beside its writer. */
export type WantedFollower = WantedForward | WantedCaptions;

const FORWARD = "forward-";
const CAPTIONS = "captions-";

/** The kind of the lease. */
export function leaseOf({ kind, id }: Pick<WantedFollower, "kind" | "id">): string {
  return kind === "forward" ? `${FORWARD}${id}` : `${CAPTIONS}${id}`;
}

/** Whether a lease is that of a forward or of captions. */
export function isFollower(lease: string): boolean {
  return lease.startsWith(FORWARD) || lease.startsWith(CAPTIONS);
}

/** The kind of a leased job, without the name of a forward, a lesson or a form. */
export function plainKind(lease: string): string {
  if (lease.startsWith(CAPTIONS)) return "captions";
  if (lease.startsWith(FORWARD)) return "forward";
  return isLadderKind(lease) ? "ladder" : lease;
}
