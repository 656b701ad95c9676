/**
 * The rules of streams that belong to lessons. The control process knows them; the media workers ask once, are told of changes, and
 * go on with what they know while the control process is away.
 */
import { randomInt } from "node:crypto";
import { equalSecrets, hashSecret } from "./secrets.ts";

export type StreamRule = {
  readonly app: string;
  readonly name: string;
  readonly lessonId: string;
  readonly schoolId: string;
  /** Of the publish key. */
  readonly keyHash: string;
  /** Whether the lesson may be published: it was not ended by hand. */
  readonly open: boolean;
  /** Whether it is recorded. */
  readonly record: boolean;
  /** Whether its school has room for recordings. */
  readonly mayRecord: boolean;
  /** Viewers whose permission was withdrawn, whatever their links say. */
  readonly removed: readonly string[];
};

/** A lesson's stream is known by its name, so that nothing that fails opens it to everybody. */
const LESSON_STREAM = /^lesson-[a-z2-7]{16}$/;
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

export function isLessonStream(name: string): boolean {
  return LESSON_STREAM.test(plainName(name));
}

export function newLessonStream(): string {
  return `lesson-${Array.from({ length: 16 }, () => LETTERS[randomInt(LETTERS.length)]).join("")}`;
}

/** Without the rung. */
export function plainName(name: string): string {
  return name.split("@")[0] ?? name;
}

export function isKeyOf(rule: StreamRule, key: string): boolean {
  return equalSecrets(hashSecret(key), rule.keyHash);
}
