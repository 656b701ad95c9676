/** What the entries and signals of a room say to the teacher's page. A field of another shape counts as absent. */
import { type Body, isBody, listOf, numberOf, textOf, type WireEntry } from "../../room/wire.ts";

export type Question = {
  readonly ref: string;
  readonly key: string;
  readonly seq: number;
  readonly text: string;
  readonly votes: number;
  readonly isAnswered: boolean;
  readonly answer: string | null;
  readonly author: string;
};

export function questionsOf(entries: readonly WireEntry[]): readonly Question[] {
  const questions = entries.flatMap(({ body, key, seq, name }): Question[] => {
    const ref = textOf(body, "ref");
    const text = textOf(body, "text");
    if (ref === null || text === null || key === null || body["deleted"] === true) return [];
    const author = isBody(body["author"]) ? textOf(body["author"], "name") : null;
    const isAnswered = textOf(body, "state") === "answered";
    const votes = numberOf(body, "votes") ?? 0;
    return [{ ref, key, seq, text, votes, isAnswered, answer: textOf(body, "answer"), author: author ?? name }];
  });
  // Open ones first; of these, what most want to know.
  return questions.toSorted(
    (one, other) => Number(one.isAnswered) - Number(other.isAnswered) || other.votes - one.votes || one.seq - other.seq,
  );
}

export type Hand = { readonly person: string; readonly name: string; readonly isCalled: boolean; readonly since: number };

/** In the order in which they were raised; those who were called on come first. */
export function handsOf(entries: readonly WireEntry[]): readonly Hand[] {
  const hands = entries.flatMap(({ body, at, name }): Hand[] => {
    const person = textOf(body, "person");
    if (person === null) return [];
    const isCalled = textOf(body, "state") === "called";
    return [{ person, name: textOf(body, "name") ?? name, isCalled, since: numberOf(body, "since") ?? at }];
  });
  return hands.toSorted((one, other) => Number(other.isCalled) - Number(one.isCalled) || one.since - other.since);
}

export const QUIZ_TYPES = ["single", "multiple", "boolean", "number", "text"] as const;
export type QuizType = (typeof QUIZ_TYPES)[number];
export type Quiz = {
  readonly ref: string;
  readonly seq: number;
  readonly type: QuizType;
  readonly text: string;
  readonly options: readonly string[];
  readonly state: "open" | "closed" | "revealed";
  /** Milliseconds since 1970; null: no time limit. */
  readonly closesAt: number | null;
  readonly isAnonymous: boolean;
  readonly explanation: string | null;
  readonly correct: unknown;
  /** Known once it is revealed. */
  readonly results: Body | null;
};

/** The newest first. */
export function quizzesOf(entries: readonly WireEntry[]): readonly Quiz[] {
  const quizzes = entries.flatMap(({ body, seq }): Quiz[] => {
    const ref = textOf(body, "ref");
    const type = QUIZ_TYPES.find((known) => known === body["type"]);
    if (ref === null || type === undefined) return [];
    const state = textOf(body, "state");
    const results = body["results"];
    return [
      {
        ref,
        seq,
        type,
        text: textOf(body, "text") ?? "",
        closesAt: timeOf(body["closesAt"]),
        correct: body["correct"],
        options: listOf(body["options"]).filter((option): option is string => typeof option === "string"),
        state: state === "closed" || state === "revealed" ? state : "open",
        isAnonymous: body["anonymous"] === true,
        explanation: textOf(body, "explanation"),
        results: isBody(results) ? results : null,
      },
    ];
  });
  return quizzes.toSorted((one, other) => other.seq - one.seq);
}

export type SignInRound = {
  readonly ref: string;
  readonly seq: number;
  readonly title: string;
  readonly isOpen: boolean;
  readonly needsCode: boolean;
  readonly closesAt: number | null;
};

/** The newest first. */
export function signInsOf(entries: readonly WireEntry[]): readonly SignInRound[] {
  const rounds = entries.flatMap(({ body, seq }): SignInRound[] => {
    const ref = textOf(body, "ref");
    if (ref === null) return [];
    const isOpen = textOf(body, "state") !== "closed";
    const needsCode = body["needsCode"] === true;
    const closesAt = timeOf(body["closesAt"]);
    return [{ ref, seq, title: textOf(body, "title") ?? "", isOpen, needsCode, closesAt }];
  });
  return rounds.toSorted((one, other) => other.seq - one.seq);
}

export type HeldText = { readonly ref: string; readonly text: string; readonly author: string; readonly reason: string | null };

/** Texts that wait for a decision, the oldest first. */
export function heldTextsOf(entries: readonly WireEntry[]): readonly HeldText[] {
  return entries.flatMap(({ body, name }): HeldText[] => {
    const [ref, text] = [textOf(body, "ref"), textOf(body, "text")];
    if (ref === null || text === null) return [];
    const person = body["person"];
    const author = isBody(person) ? (textOf(person, "name") ?? name) : (textOf(body, "author") ?? name);
    return [{ ref, text, author, reason: textOf(body, "reason") }];
  });
}

/** Participants who may not write at present. */
export function mutedPeopleOf(entries: readonly WireEntry[], now: number): ReadonlySet<string> {
  const muted = entries.filter(({ body }) => (timeOf(body["until"]) ?? Number.POSITIVE_INFINITY) > now);
  return new Set(muted.flatMap(({ body, key }) => textOf(body, "person") ?? key?.split("/")[1] ?? []));
}

/** Milliseconds since 1970, from such a number or from a time in ISO 8601. */
function timeOf(value: unknown): number | null {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
