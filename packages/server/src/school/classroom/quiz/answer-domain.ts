/**
 * Decides about answers to quizzes: a whole group at once, with a few statements. An answer makes no entry in the room's log. A person's own
 * answers are told to the person who asks with `{mine: true}`.
 */
import { type ActionOf, ANSWER, type Choice } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import { answerPerson } from "./answer-person.ts";
import type { LiveQuizzes } from "./live-quizzes.ts";
import { isRight, readChoice } from "./question.ts";
import { type Answer, findAnswers, findQuizzes, type NewAnswer, storeAnswers } from "./quiz-rows.ts";
import type { Tally } from "./tally.ts";

type AnswerBody = ActionOf<typeof ANSWER>;
type SentAnswer = Extract<AnswerBody, { quiz: string }>;

export function answerDomain(live: LiveQuizzes): Domain<AnswerBody> {
  return {
    kind: ANSWER.kind,
    body: actionSchema(ANSWER),
    decide: async (room, actions, handle) => {
      const given = actions.flatMap((action) => ("quiz" in action.body ? [{ ...action, body: action.body }] : []));
      const stored = await answer(room, given, handle, live);
      const asking = actions.filter(({ body }) => "mine" in body).map(({ person }) => person.id);
      const own = await ownAnswers(room, asking);
      let next = 0;
      return actions.map(({ body, person }): Outcome => {
        if ("mine" in body) return { entries: [], answer: { answers: own.get(person.id) ?? [] } };
        return stored[next++] ?? new Refusal("internal-error");
      });
    },
  };
}

async function answer(
  room: RoomView,
  actions: readonly RequestedAction<SentAnswer>[],
  handle: RoomHandle,
  live: LiveQuizzes,
): Promise<readonly Outcome[]> {
  const quizzes = await findQuizzes(room.trx, room.lessonId, [...new Set(actions.map(({ body }) => body.quiz))]);
  const repeated = await answersToClosed(room, quizzes, actions);
  /** The last answer of each person to each quiz. */
  const given = new Map<string, NewAnswer>();
  const outcomes = actions.map(({ body, person }): Outcome => {
    const quiz = quizzes.get(body.quiz);
    if (person.role === "staff") return new Refusal("refused-by-rule", quizText("staff-do-not-answer"));
    if (!quiz) return new Refusal("not-found", quizText("no-quiz"));
    const choice = readChoice(quiz, body.choice);
    const participant_id = isOpen(quiz, room.now) ? answerPerson(quiz, person.id) : null;
    if (participant_id === null) {
      // The answer was stored in time, and its acknowledgement was lost.
      const isRepeated = choice !== null && repeated.has(answerKey(quiz.id, person.id, choice));
      return isRepeated ? { entries: [], answer: { quiz: quiz.id, choice } } : new Refusal("closed");
    }
    if (choice === null) return new Refusal("bad-request", quizText("choice-does-not-fit"));
    // When somebody answered could tell who it was.
    const answered_at = quiz.anonymous ? quiz.opened_at : new Date(room.now);
    given.set(`${quiz.id} ${participant_id}`, {
      quiz_id: quiz.id,
      participant_id,
      choice,
      answered_at,
      is_correct: isRight(quiz, choice),
    });
    return { entries: [], answer: { quiz: quiz.id, choice } };
  });
  await store(room, quizzes, given, handle, live);
  return outcomes;
}

/** The answers that these people gave to these quizzes while they were open. Whose an anonymous one was, nobody knows any more. */
async function answersToClosed(
  { trx, now }: RoomView,
  quizzes: ReadonlyMap<string, Quiz>,
  actions: readonly RequestedAction<SentAnswer>[],
): Promise<ReadonlySet<string>> {
  const asked = actions.flatMap(({ body, person }) => {
    const quiz = quizzes.get(body.quiz);
    return quiz && !quiz.anonymous && !isOpen(quiz, now) ? [{ quiz_id: quiz.id, participant_id: person.id }] : [];
  });
  const answers = await findAnswers(trx, asked);
  return new Set(answers.map(({ quiz_id, participant_id, choice }) => answerKey(quiz_id, participant_id, choice)));
}

function answerKey(quiz: string, participant: string, choice: Choice | null): string {
  return `${quiz} ${participant} ${JSON.stringify(choice)}`;
}

async function store(
  room: RoomView,
  quizzes: ReadonlyMap<string, Quiz>,
  given: ReadonlyMap<string, NewAnswer>,
  handle: RoomHandle,
  live: LiveQuizzes,
): Promise<void> {
  const before = new Map(
    (await findAnswers(room.trx, [...given.values()])).map((one) => [`${one.quiz_id} ${one.participant_id}`, one]),
  );
  const changed = [...given].filter(([key, { choice }]) => {
    const earlier = before.get(key);
    return !earlier || JSON.stringify(earlier.choice) !== JSON.stringify(choice);
  });
  for (const quizId of new Set([...given.values()].map(({ quiz_id }) => quiz_id))) {
    const quiz = quizzes.get(quizId);
    const ofQuiz = changed.filter(([, { quiz_id }]) => quiz_id === quizId);
    // Answers that are sent again because nobody heard that they were stored change nothing, but are to be counted.
    if (!quiz || (ofQuiz.length === 0 && !live.isUncertain(handle, quizId, room.trx))) continue;
    await live.count(room, handle, quiz, (tally) => {
      for (const [key, now] of ofQuiz) count(tally, before.get(key), now);
    });
  }
  await storeAnswers(
    room.trx,
    changed.map(([, now]) => now),
  );
}

function count(tally: Tally, before: Answer | undefined, now: Answer): void {
  if (before) tally.add(before.choice, before.is_correct, -1);
  tally.add(now.choice, now.is_correct);
}

/** Whether a quiz takes answers. One whose time is over is closed, also where its owner has not closed it yet. */
export function isOpen({ state, closes_at }: Pick<Quiz, "state" | "closes_at">, now: number): boolean {
  return state === "open" && (closes_at === null || closes_at.getTime() > now);
}

type OwnAnswer = { readonly quiz: string; readonly choice: Choice | null; readonly isCorrect?: boolean | null };

/** The answers of people, by participant. Those to anonymous quizzes only while these are open. */
async function ownAnswers({ trx, lessonId }: RoomView, participants: readonly string[]): Promise<Map<string, OwnAnswer[]>> {
  const own = new Map<string, OwnAnswer[]>();
  if (participants.length === 0) return own;
  const quizzes = await trx.selectFrom("quizzes").selectAll().where("lesson_id", "=", lessonId).execute();
  const anonymous = quizzes.filter((quiz) => quiz.anonymous && quiz.person_salt !== null);
  const people = new Map(participants.map((participant) => [participant, participant]));
  for (const participant of participants)
    for (const quiz of anonymous) people.set(answerPerson(quiz, participant) ?? participant, participant);
  const byId = new Map(quizzes.map((quiz) => [quiz.id, quiz]));
  const rows = await trx
    .selectFrom("quiz_answers")
    .innerJoin("quizzes", "quizzes.id", "quiz_answers.quiz_id")
    .select(["quiz_id", "participant_id", "choice", "is_correct"])
    .where("quizzes.lesson_id", "=", lessonId)
    .where("participant_id", "in", [...people.keys()])
    .orderBy("quiz_id")
    .execute();
  for (const { quiz_id, participant_id, choice, is_correct } of rows) {
    const participant = people.get(participant_id) ?? "";
    // Whether it was right is told with the right answer, not before.
    const isRevealed = byId.get(quiz_id)?.state === "revealed";
    const list = own.get(participant) ?? [];
    list.push({ quiz: quiz_id, choice, ...(isRevealed ? { isCorrect: is_correct } : {}) });
    own.set(participant, list);
  }
  return own;
}
