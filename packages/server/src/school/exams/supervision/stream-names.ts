/**
 * Names the streams of candidates, `EXAM~ATTEMPT-KIND-SEAT`: those of a new seat are others than those of the device before, which are ended. A phone stays where
 * the candidate changes the device, and has seat 0.
 */
import { isExamStream, memberOf, memberStream } from "../../../access/policies/stream-policy.ts";
import { STREAM_KINDS, type StreamKind } from "../supervised.ts";

export type CandidateStream = { readonly attempt: string; readonly kind: StreamKind; readonly seat: number };

const MEMBER = /^([0-9a-z]{26})-([a-z]+)-(\d{1,9})$/;

/** @param examStream the examination's `stream_name` */
export function candidateStream(examStream: string, { attempt, kind, seat }: CandidateStream): string {
  return memberStream(examStream, `${attempt}-${kind}-${kind === "phone" ? 0 : seat}`);
}

/** Null: the stream is no candidate's. */
export function candidateOfStream(name: string): CandidateStream | null {
  if (!isExamStream(name)) return null;
  const [, attempt, named, seat] = MEMBER.exec(memberOf(name) ?? "") ?? [];
  const kind = STREAM_KINDS.find((one) => one === named);
  return attempt && kind ? { attempt, kind, seat: Number(seat) } : null;
}
