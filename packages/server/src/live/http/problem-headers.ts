/** Tells players, in the head of an answer, which tracks of a stream nobody can decode, and why: a dictionary of RFC 8941. */
import type { TrackProblems } from "../../contracts/monitoring/media-problem.ts";
import type { Refusal } from "../../platform/refusal.ts";

const PROBLEM_HEADER = "lectern-problem";

/** Nothing where there is no problem. @param exposed names of other headers that pages of other sites may read */
export function problemHeaders({ video, audio }: TrackProblems, exposed = ""): Readonly<Record<string, string>> {
  return headersOf([video && `video=${video}`, audio && `audio=${audio}`], exposed);
}

/** The same of a refusal: answers to HEAD have no body that would tell its code. */
export function refusedProblemHeaders({ code }: Pick<Refusal, "code">): Readonly<Record<string, string>> {
  const tracks = { "picture-undecodable": "video", "sound-undecodable": "audio" };
  const track = code === "picture-undecodable" || code === "sound-undecodable" ? tracks[code] : null;
  return headersOf([track && `${track}=undecodable`], "");
}

function headersOf(tracks: readonly (string | null)[], exposed: string): Readonly<Record<string, string>> {
  const told = tracks.filter((one) => one !== null);
  if (told.length === 0) return {};
  const names = exposed === "" ? PROBLEM_HEADER : `${exposed}, ${PROBLEM_HEADER}`;
  return { [PROBLEM_HEADER]: told.join(", "), "access-control-expose-headers": names };
}
