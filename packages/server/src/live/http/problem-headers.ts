/** Tells players, in the head of an answer, which tracks of a stream nobody can decode, and why: a dictionary of RFC 8941. */
import type { TrackProblems } from "../../contracts/monitoring/media-problem.ts";

const PROBLEM_HEADER = "lectern-problem";

/** Nothing where there is no problem. @param exposed names of other headers that pages of other sites may read */
export function problemHeaders({ video, audio }: TrackProblems, exposed = ""): Readonly<Record<string, string>> {
  const told = [video && `video=${video}`, audio && `audio=${audio}`].filter((one) => one !== null);
  if (told.length === 0) return {};
  const names = exposed === "" ? PROBLEM_HEADER : `${exposed}, ${PROBLEM_HEADER}`;
  return { [PROBLEM_HEADER]: told.join(", "), "access-control-expose-headers": names };
}
