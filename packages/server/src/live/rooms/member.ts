/** Provides a member of a room: who it is, how far it has read, and the line to it. */
import type { RoomPerson } from "@lectern/room";
import type { View } from "./room-copy.ts";
import type { Acknowledgement, Way } from "./wire-format.ts";

/** The way to a member: a socket that ready bytes are written to. */
export type MemberLine = {
  readonly way: Way;
  /** Bytes that the system has not taken yet. */
  readonly pending: number;
  /** @param pieces of one frame */
  write(pieces: readonly Uint8Array[]): void;
  /** @param code of RFC 6455 section 7.4.1; @param reason the code of a refusal, or a reason of docs/errors.md */
  close(code: number, reason: string): void;
};

export type MemberOptions = {
  readonly line: MemberLine;
  /** The participant's id; null: watches only, without a name. */
  readonly participant: string | null;
  readonly person: RoomPerson;
  /** Whether the owner has said who that is. */
  readonly isSure: boolean;
  readonly mayWrite: boolean;
  /** The code of the refusal when the member may not stay; null otherwise. */
  readonly isWithdrawn: () => string | null;
};

let members = 0;

export class Member {
  /** Tells members without a participant apart. */
  readonly key = `member ${++members}`;
  readonly line: MemberLine;
  readonly participant: string | null;
  readonly isWithdrawn: () => string | null;
  person: RoomPerson;
  isSure: boolean;
  mayWrite: boolean;
  /** The member has all visible entries of this epoch up to `seq`, and all signals up to `change`. */
  epoch = "";
  seq = 0;
  change = 0;
  /** Monotonic milliseconds; null: it takes what it is sent. */
  laggingSince: number | null = null;
  /** Not written yet. */
  acks: Acknowledgement[] = [];

  constructor({ line, participant, person, isSure, mayWrite, isWithdrawn }: MemberOptions) {
    this.line = line;
    this.participant = participant;
    this.person = person;
    this.isSure = isSure;
    this.mayWrite = mayWrite;
    this.isWithdrawn = isWithdrawn;
  }

  get view(): View {
    return this.person.role === "staff" ? "staff" : "all";
  }
}
