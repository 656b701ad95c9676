/** Provides questions to the teacher: everybody votes for them, staff mark them as answered. */
import { BOOLEAN, choice, ID, NUMBER, object, optional, STRING, TRUE, text } from "./fields.ts";
import { DELETED, kind } from "./kind.ts";
import { isBody, numberOf, textOf, type WireEntry } from "./wire.ts";

/** Of a question, and of the answer to it. */
export const MAX_QUESTION_TEXT = 500;

export const QUESTION = /* @__PURE__ */ kind(() => ({
  kind: "question",
  sends: {
    actions: {
      ask: { text: text(MAX_QUESTION_TEXT) },
      vote: { ref: ID, on: BOOLEAN },
      answer: { ref: ID, text: optional(text(MAX_QUESTION_TEXT)) },
      reopen: { ref: ID },
    },
  },
  entries: [
    {
      key: "question/REF",
      fields: {
        ref: ID,
        text: STRING,
        masked: optional(TRUE),
        votes: NUMBER,
        state: choice(["open", "answered"]),
        answer: optional(STRING),
        author: object({ id: STRING, name: STRING }),
      },
      deleted: DELETED,
    },
  ],
}));

export type Question = {
  readonly key: string;
  readonly ref: string;
  readonly seq: number;
  readonly text: string;
  readonly votes: number;
  readonly isAnswered: boolean;
  readonly answer: string | null;
  readonly author: { readonly id: string | null; readonly name: string };
};

/** Open ones first; of these, what most want to know. Of one that was deleted there is no text. */
export function questionsOf(entries: readonly WireEntry[]): readonly Question[] {
  return entries
    .flatMap((entry) => questionOf(entry) ?? [])
    .sort((one, other) => Number(one.isAnswered) - Number(other.isAnswered) || other.votes - one.votes || one.seq - other.seq);
}

function questionOf({ key, body, seq, name }: WireEntry): Question | null {
  const [ref, asked] = [textOf(body, "ref"), textOf(body, "text")];
  if (key === null || ref === null || asked === null) return null;
  const author = isBody(body["author"]) ? body["author"] : {};
  return {
    key,
    ref,
    seq,
    text: asked,
    votes: numberOf(body, "votes") ?? 0,
    isAnswered: body["state"] === "answered",
    answer: textOf(body, "answer"),
    author: { id: textOf(author, "id"), name: textOf(author, "name") ?? name },
  };
}
