/** Judges what the members of a room have seen: every acknowledged line once, in the same order for all. */
import type { RoomMember } from "./room-member.ts";

export type RoomJudgement = {
  readonly acknowledged: number;
  /** Acknowledged lines that a member did not see, of all members. */
  readonly missing: number;
  readonly repeated: number;
  readonly disordered: number;
  /** Lines that are there under two numbers: an action that was repeated has been done twice. */
  readonly twice: number;
  readonly unanswered: number;
  readonly refused: readonly string[];
  /** Members whose order of lines is another than the first one's. */
  readonly others: number;
};

type Judged = Pick<RoomMember, "acknowledged" | "shown" | "repeated" | "disordered" | "refused" | "waiting">;

export function judge(members: readonly Judged[]): RoomJudgement {
  const acknowledged = new Map(members.flatMap((member) => [...member.acknowledged]));
  let missing = 0;
  let twice = 0;
  for (const { shown } of members) {
    const numbers = new Map<string, number>();
    for (const { id, seq } of shown) {
      if (numbers.has(id)) twice++;
      numbers.set(id, seq);
    }
    for (const [id, seq] of acknowledged) if (numbers.get(id) !== seq) missing++;
  }
  const orderOf = ({ shown }: Judged) =>
    shown
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ id }) => id)
      .join(" ");
  const [first] = members;
  const expected = first ? orderOf(first) : "";
  const sum = (of: (member: Judged) => number) => members.reduce((all, member) => all + of(member), 0);
  return {
    acknowledged: acknowledged.size,
    missing,
    twice,
    repeated: sum(({ repeated }) => repeated),
    disordered: sum(({ disordered }) => disordered),
    unanswered: sum(({ waiting }) => waiting),
    refused: members.flatMap(({ refused }) => refused),
    others: members.filter((member) => orderOf(member) !== expected).length,
  };
}

export function isFlawless({ missing, twice, repeated, disordered, unanswered, refused, others }: RoomJudgement): boolean {
  return missing + twice + repeated + disordered + unanswered + refused.length + others === 0;
}
