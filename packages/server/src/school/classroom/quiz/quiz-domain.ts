/** Decides about quizzes of a room: staff open, close, reveal and remove them; the server closes those whose time is over. */
import { type ActionOf, type NewRoomEntry, QUIZ, type TallyResult } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { json } from "../../../platform/store/store.ts";
import { quizText } from "../../foundation/messages/quiz-texts.ts";
import type { Quiz } from "../../foundation/store/quiz-tables.ts";
import { type Domain, type Outcome, oneByOne, type RequestedAction, type RoomHandle, type RoomView } from "../domain.ts";
import { actionSchema } from "../field-schemas.ts";
import type { TextCheck } from "../text-check.ts";
import { newSalt } from "./answer-person.ts";
import type { LiveQuizzes } from "./live-quizzes.ts";
import { checkQuestion, type Question } from "./question.ts";
import { countAnswers, findQuizzes } from "./quiz-rows.ts";
import { Tally } from "./tally.ts";

const MAX_QUIZZES = 200;

type QuizBody = ActionOf<typeof QUIZ>;
type OpenBody = Extract<QuizBody, { action: "open" }>;

type QuizToOpen = { readonly question: Question; readonly seconds: number | null; readonly anonymous: boolean };

/** @param check texts that people gave as answers are shown to all only where the school's word lists let them pass */
export function quizDomain(live: LiveQuizzes, check: TextCheck): Domain<QuizBody> {
  return {
    kind: QUIZ.kind,
    body: actionSchema(QUIZ),
    decide: oneByOne(async (room, action, handle) => {
      const { body, person } = action;
      if (person.role !== "staff") return new Refusal("refused-by-rule", quizText("staff-only"));
      if (body.action === "open") return await open(room, action, body, handle, live);
      const quiz = (await findQuizzes(room.trx, room.lessonId, [body.ref])).get(body.ref);
      if (!quiz) return new Refusal("not-found", quizText("no-quiz"));
      if (body.action === "close") return await close(room, action, quiz, handle, live);
      if (body.action === "reveal") return await reveal(room, action, quiz, { handle, live, check });
      return await remove(room, action, quiz, handle, live);
    }),
    opened: (room, handle) => live.open(room, handle),
    closed: (lessonId) => live.close(lessonId),
  };
}

async function open(
  room: RoomView,
  { person }: RequestedAction<QuizBody>,
  body: OpenBody,
  handle: RoomHandle,
  live: LiveQuizzes,
): Promise<Outcome> {
  const { trx, lessonId } = room;
  const counted = trx.selectFrom("quizzes").select(({ fn }) => fn.countAll<number>().as("count"));
  const { count } = await counted.where("lesson_id", "=", lessonId).executeTakeFirstOrThrow();
  if (Number(count) >= MAX_QUIZZES) return new Refusal("conflict", quizText("too-many-quizzes", { max: MAX_QUIZZES }));
  const wanted = body.bank === undefined ? draftQuestion(body) : await bankQuestion(room, body.bank, body);
  if (wanted instanceof Refusal) return wanted;
  const { question, seconds, anonymous } = wanted;
  const quiz = await trx
    .insertInto("quizzes")
    .values({
      id: newId(),
      lesson_id: lessonId,
      type: question.type,
      text: question.text,
      options: json(question.options),
      correct: question.correct === null ? null : json(question.correct),
      explanation: question.explanation,
      state: "open",
      anonymous,
      person_salt: anonymous ? newSalt() : null,
      opened_at: new Date(room.now),
      closes_at: seconds === null ? null : new Date(room.now + seconds * 1000),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await room.audit("quiz.open", person, { quizId: quiz.id, type: quiz.type, text: quiz.text, anonymous });
  await room.emit("room.quiz.opened", { quizId: quiz.id, type: quiz.type, text: quiz.text, anonymous });
  // Also where this process does not hear that the quiz was stored.
  live.begin(handle, quiz, new Tally(quiz));
  return { entries: [entryOf(quiz)], answer: { ref: quiz.id } };
}

function draftQuestion(body: OpenBody): QuizToOpen | Refusal {
  const { type, text = "", seconds = null, anonymous = false } = body;
  if (type === undefined) return new Refusal("bad-request", quizText("no-question"));
  const question = checkQuestion({ ...body, type, text });
  return isQuestion(question) ? { question, seconds, anonymous } : new Refusal("bad-request", question);
}

/** A question of the school, or of the lesson's course. */
async function bankQuestion({ trx, lessonId, schoolId }: RoomView, bank: string, body: OpenBody): Promise<QuizToOpen | Refusal> {
  const item = await trx
    .selectFrom("quiz_bank")
    .selectAll()
    .where("id", "=", bank)
    .where("school_id", "=", schoolId)
    .where(({ or, eb, selectFrom }) =>
      or([
        eb("course_id", "is", null),
        eb("course_id", "in", selectFrom("lessons").select("lessons.course_id").where("lessons.id", "=", lessonId)),
      ]),
    )
    .executeTakeFirst();
  if (!item) return new Refusal("not-found", quizText("no-bank-item"));
  const { seconds = item.seconds, anonymous = item.anonymous } = body;
  return { question: item, seconds, anonymous };
}

async function close(
  room: RoomView,
  { person }: RequestedAction<QuizBody>,
  quiz: Quiz,
  handle: RoomHandle,
  live: LiveQuizzes,
): Promise<Outcome> {
  if (quiz.state !== "open") return { entries: [] };
  const after = await closed(room, quiz);
  const result = await countRows(room, quiz);
  await room.audit("quiz.close", person, { quizId: quiz.id, answered: result.answered });
  room.afterCommit(() => live.end(handle, quiz.id, result, "staff"));
  return { entries: [entryOf(after)] };
}

async function reveal(
  room: RoomView,
  { person }: RequestedAction<QuizBody>,
  quiz: Quiz,
  { handle, live, check }: { readonly handle: RoomHandle; readonly live: LiveQuizzes; readonly check: TextCheck },
): Promise<Outcome> {
  if (quiz.state === "revealed") return { entries: [] };
  if (quiz.state === "open") await closed(room, quiz);
  const after = await room.trx
    .updateTable("quizzes")
    .set({ state: "revealed", revealed_at: new Date(room.now) })
    .where("id", "=", quiz.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const result = await countRows(room, quiz, check);
  await room.audit("quiz.reveal", person, { quizId: quiz.id, answered: result.answered });
  room.afterCommit(() => live.end(handle, quiz.id, result, "all"));
  return { entries: [entryOf(after, result)] };
}

async function remove(
  room: RoomView,
  { person }: RequestedAction<QuizBody>,
  quiz: Quiz,
  handle: RoomHandle,
  live: LiveQuizzes,
): Promise<Outcome> {
  const { answered } = await countRows(room, quiz);
  await room.trx.deleteFrom("quizzes").where("id", "=", quiz.id).execute();
  await room.audit("quiz.remove", person, { quizId: quiz.id, type: quiz.type, text: quiz.text, answered });
  room.afterCommit(() => live.end(handle, quiz.id, null, "staff"));
  return { entries: [{ kind: "quiz", to: "all", key: `quiz/${quiz.id}`, gone: true, body: { ref: quiz.id } }] };
}

/** Closes an open quiz: nobody can tell any more who answered an anonymous one. */
async function closed(room: RoomView, quiz: Quiz): Promise<Quiz> {
  const after = await room.trx
    .updateTable("quizzes")
    .set({ state: "closed", closed_at: new Date(room.now), person_salt: null })
    .where("id", "=", quiz.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const { answered, correct, counts, others } = await countRows(room, quiz);
  const about = { quizId: quiz.id, type: quiz.type, text: quiz.text, anonymous: quiz.anonymous };
  await room.emit("room.quiz.closed", { ...about, answered, correct, counts, others });
  return after;
}

/** @param check where everybody will see the result */
async function countRows({ trx, schoolId }: RoomView, quiz: Quiz, check?: TextCheck): Promise<TallyResult> {
  const tally = (await countAnswers(trx, [quiz])).get(quiz.id) ?? new Tally(quiz);
  if (!check) return tally.result();
  return tally.result((text) => {
    const { action, text: shown } = check(schoolId, text);
    return action === "pass" || action === "mask" ? shown : null;
  });
}

function entryOf(quiz: Quiz, results?: TallyResult): NewRoomEntry {
  const { id: ref, type, text, options, state, anonymous, correct, explanation } = quiz;
  const closesAt = quiz.closes_at?.getTime() ?? null;
  const revealed = results ? { correct, explanation, results } : {};
  return {
    kind: "quiz",
    to: "all",
    key: `quiz/${ref}`,
    body: { ref, type, text, options, state, closesAt, anonymous, ...revealed },
  };
}

export function isQuestion(checked: Question | Message): checked is Question {
  return "type" in checked;
}
