/**
 * Defines who may publish and watch a lesson's stream, and those of an examination's candidates. The control process owns these policies; media workers cache them
 * (`stream-policy-cache.ts`).
 */
import { randomInt } from "node:crypto";
import type { LadderChoice } from "../../platform/config/schema.ts";
import { equalSecrets, hashSecret } from "../../platform/secrets.ts";

export type StreamPolicy = {
  readonly app: string;
  readonly name: string;
  /** Null: an examination's. */
  readonly lessonId: string | null;
  readonly schoolId: string;
  /** Null or absent where the lesson belongs to no course. */
  readonly courseId?: string | null;
  /** Hash of the publish key. */
  readonly keyHash: string;
  /** Hash of the key before it, whose publisher may stay connected; absent where no publisher may. */
  readonly formerKeyHash?: string;
  /** Whether the lesson may be published. False after a teacher ended it. */
  readonly open: boolean;
  readonly state: "scheduled" | "live" | "ended";
  /** Since when nobody publishes to the live lesson, milliseconds since 1970; null: somebody does, or nobody has yet. */
  readonly publisherLeftAt: number | null;
  /** Whether the lesson is recorded. */
  readonly record: boolean;
  /** Whether a program writes down what is said in the lesson; absent: none does. */
  readonly captions?: true;
  /** Whether the school has storage quota left for recordings. */
  readonly mayRecord: boolean;
  /** Viewers whose permission has ended, whatever their links say: removed from the lesson, from its course or from the school. */
  readonly removed: readonly string[];
  /** The rungs that its lesson, course or school wants; null or absent: the installation's. */
  readonly ladder?: LadderChoice | null;
  /** When they are made; null or absent: as the installation says. */
  readonly ladderStart?: "demand" | "publish" | null;
  /** Who may publish a stream of their own, `NAME~USER`: everybody with a key of the lesson, or these participants. Absent where nobody may. */
  readonly members?: "all" | readonly string[];
  /** A member's stream that has more kilobits a second, for a while, is ended; absent: any rate. By a part of the member's name: `-camera`. */
  readonly memberKbps?: Readonly<Record<string, number>>;
  /** Members' streams that are never recorded, by a part of the member's name; absent: none. */
  readonly unrecordedMembers?: readonly string[];
};

/** The name alone marks a stream of a lesson or of an examination, so that no failed lookup can open it to everyone. */
const SCHOOL_STREAM = /^(?:lesson|exam)-[a-z2-7]{16}(?:~|$)/;
const EXAM_STREAM = /^exam-[a-z2-7]{16}(?:~|$)/;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** Whether a name, with or without a rung, is the stream of a lesson or an examination, or of one of its members. */
export function isSchoolStream(name: string): boolean {
  return SCHOOL_STREAM.test(plainName(name));
}

/** Whether a name, with or without a rung, is of an examination, or a stream of one of its candidates. */
export function isExamStream(name: string): boolean {
  return EXAM_STREAM.test(plainName(name));
}

/** A random stream name for a new lesson. */
export function newLessonStream(): string {
  return `lesson-${randomLetters()}`;
}

/** A random name for an examination: its candidates' streams are members of it. Nobody publishes under the name itself. */
export function newExamStream(): string {
  return `exam-${randomLetters()}`;
}

function randomLetters(): string {
  return Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}

/** The stream's name without its rung. */
export function plainName(name: string): string {
  return name.split("@")[0] ?? name;
}

/** The name of the lesson's own stream, by which its policy is found; of a stream without a lesson, its name without its rung. */
export function lessonStreamOf(name: string): string {
  const plain = plainName(name);
  return SCHOOL_STREAM.test(plain) ? (plain.split("~")[0] ?? plain) : plain;
}

/** The stream of one member of a lesson: what somebody on stage, or in a small lesson, publishes. */
export function memberStream(lessonStream: string, participant: string): string {
  return `${lessonStream}~${participant}`;
}

/** The participant whose stream a name is, with or without a rung; null for a lesson's own stream and for streams without a lesson. */
export function memberOf(name: string): string | null {
  const plain = plainName(name);
  return SCHOOL_STREAM.test(plain) ? (plain.split("~")[1] ?? null) : null;
}

/** Whether a policy records the stream of a member, `NAME~MEMBER`. */
export function recordsMember(policy: StreamPolicy, name: string): boolean {
  const { members, record, mayRecord, unrecordedMembers = [] } = policy;
  return members === "all" && record && mayRecord && !unrecordedMembers.some((part) => memberOf(name)?.includes(part));
}

/** Whether a publish key was the stream's key before the last change, and its publisher may stay connected. */
export function isFormerKeyOf({ formerKeyHash }: StreamPolicy, key: string): boolean {
  return formerKeyHash !== undefined && equalSecrets(hashSecret(key), formerKeyHash);
}

/** Whether a publish key belongs to the stream. */
export function isKeyOf(policy: StreamPolicy, key: string): boolean {
  return equalSecrets(hashSecret(key), policy.keyHash);
}
