/**
 * Names the streams of candidates, `EXAM~ATTEMPT-KIND-SEAT`: those of a new seat are others than those of the device before, which are ended. A phone stays where
 * the candidate changes the device, and has seat 0. The two of a talk are `EXAM~ATTEMPT-SIDE-NUMBER`.
 */
import { isExamStream, memberOf, memberStream } from "../../../access/policies/stream-policy.ts";
import { STREAM_KINDS, type StreamKind } from "../supervised.ts";
import { TALK_SIDES, type TalkSide } from "../talks.ts";

export type TalkStream = { readonly attempt: string; readonly side: TalkSide; readonly number: number };
export type CandidateStream = { readonly attempt: string; readonly kind: StreamKind; readonly seat: number };

const MEMBER = /^([0-9a-z]{26})-([a-z]+)-(\d{1,9})$/;

/** @param examStream the examination's `stream_name` */
export function candidateStream(examStream: string, { attempt, kind, seat }: CandidateStream): string {
  return memberStream(examStream, `${attempt}-${kind}-${kind === "phone" ? 0 : seat}`);
}

/** One of the two of a talk. Each talk has names of its own: an address of an earlier one opens nothing of it. */
export function talkStream(examStream: string, { attempt, side, number }: TalkStream): string {
  return memberStream(examStream, `${attempt}-${side}-${number}`);
}

/** Null: the stream is no candidate's. */
export function candidateOfStream(name: string): CandidateStream | null {
  const { attempt, named, number } = partsOf(name);
  const kind = STREAM_KINDS.find((one) => one === named);
  return attempt && kind ? { attempt, kind, seat: number } : null;
}

/** Null: the stream is of no talk. */
export function talkOfStream(name: string): TalkStream | null {
  const { attempt, named, number } = partsOf(name);
  const side = TALK_SIDES.find((one) => one === named);
  return attempt && side ? { attempt, side, number } : null;
}

function partsOf(name: string): {
  readonly attempt?: string | undefined;
  readonly named?: string | undefined;
  readonly number: number;
} {
  const [, attempt, named, number] = isExamStream(name) ? (MEMBER.exec(memberOf(name) ?? "") ?? []) : [];
  return { attempt, named, number: Number(number) };
}
