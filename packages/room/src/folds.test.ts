/** What is declared of entries reaches those who see them: the fold of each kind has every text and number of an entry. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANNOUNCEMENT, announcementsOf } from "./announcement.ts";
import { CHAT, chatLinesOf } from "./chat.ts";
import { DICE, thrownDiceOf } from "./dice.ts";
import type { Field } from "./fields.ts";
import { HAND, handsOf } from "./hand.ts";
import type { EntryForm } from "./kind.ts";
import { HELD, heldTextsOf } from "./moderation.ts";
import { ORDER, speakingOrderOf } from "./order.ts";
import { PICK, pickedOf } from "./pick.ts";
import { QUESTION, questionsOf } from "./question.ts";
import { QUIZ, quizzesOf } from "./quiz.ts";
import { SETTINGS, settingsOf } from "./settings.ts";
import { SIGN_IN, signInsOf } from "./sign-in.ts";
import { LAYOUT, MUTE, STAGE, stageOf } from "./stage.ts";
import { STAR, starsOf } from "./star.ts";
import { TIMER, timerOf } from "./timer.ts";
import { parseEntry, type WireEntry } from "./wire.ts";

type Fold = (entry: WireEntry) => unknown;

/** Pages do not show these. */
const UNSEEN: readonly string[] = ["textKind", "person.id", "person.role", "results.correct"];

const FOLDS: readonly (readonly [EntryForm, Fold])[] = [
  [CHAT.entries[0], (entry) => chatLinesOf([entry])],
  [QUESTION.entries[0], (entry) => questionsOf([entry])],
  [HAND.entries[0], (entry) => handsOf([entry])],
  [ANNOUNCEMENT.entries[0], (entry) => announcementsOf([entry])],
  [SETTINGS.entries[0], ({ body }) => settingsOf(body)],
  [SIGN_IN.entries[0], (entry) => signInsOf([entry])],
  [QUIZ.entries[0], (entry) => quizzesOf([entry])],
  [STAGE.entries[0], (entry) => stageOf({ held: (kind) => (kind === "stage" ? [entry] : []), one: () => null })],
  [MUTE.entries[0], (entry) => stageOf({ held: (kind) => (kind === "media" ? [entry] : []), one: () => null })],
  [LAYOUT.entries[0], (entry) => stageOf({ held: () => [], one: () => entry })],
  [TIMER.entries[0], (entry) => timerOf(entry)],
  [PICK.entries[0], (entry) => pickedOf(entry)],
  [DICE.entries[0], (entry) => thrownDiceOf(entry)],
  [ORDER.entries[0], (entry) => speakingOrderOf(entry)],
  [STAR.entries[0], (entry) => starsOf([entry])],
  [HELD, (entry) => heldTextsOf([entry])],
];

/** A value that fits a field; its texts and numbers are like no other's, and are noted by their paths. */
function sample(field: Field, path: string, noted: Map<string, unknown>): unknown {
  const note = <Value>(value: Value): Value => {
    noted.set(path, value);
    return value;
  };
  switch (field.is) {
    case "text":
    case "id":
    case "string":
      return note(`<${path}>`);
    case "integer":
    case "number":
      return note(1000 + noted.size);
    case "boolean":
    case "true":
      return true;
    case "choice":
      return field.values.at(0);
    case "list":
      return [sample(field.of, path, noted)];
    case "object":
      return Object.fromEntries(Object.entries(field.fields).map(([name, of]) => [name, sample(of, `${path}.${name}`, noted)]));
    case "any":
      return field.of[0] && sample(field.of[0], path, noted);
    case "optional":
    case "nullable":
    case "default":
      return sample(field.of, path, noted);
    case "parsed":
      return {};
  }
}

for (const [{ key, fields }, fold] of FOLDS) {
  test(`what an entry ${key} says is seen`, () => {
    const noted = new Map<string, unknown>();
    const body = Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, sample(of, name, noted)]));
    const [entry] = parseEntry({ ...body, epoch: "e", seq: 1, kind: "x", key, at: 1, from: "p", role: "guest" });
    assert.ok(entry);
    const seen = JSON.stringify(fold(entry));
    for (const [path, value] of noted)
      if (!UNSEEN.includes(path) && !path.startsWith("entry.")) assert.ok(seen.includes(JSON.stringify(value)), path);
  });
}
