/** Stores and counts votes for questions: all votes of a group in one statement, each person once. */
import { sql } from "kysely";
import type { RoomView } from "../domain.ts";

type VoteScope = Pick<RoomView, "trx" | "lessonId">;

/** The last choice of each person in a group, by question. */
export class VoteGroup {
  private readonly choices = new Map<string, { readonly question: string; readonly participant: string; readonly on: boolean }>();

  add(question: string, participant: string, on: boolean): void {
    this.choices.set(`${question}/${participant}`, { question, participant, on });
  }

  get questions(): string[] {
    return [...new Set([...this.choices.values()].map(({ question }) => question))];
  }

  /** At most two statements. */
  async store({ trx, lessonId }: VoteScope): Promise<void> {
    const [given, taken] = [true, false].map((on) => [...this.choices.values()].filter((choice) => choice.on === on));
    const columns = (choices: readonly { readonly question: string; readonly participant: string }[]) => {
      const questions = choices.map(({ question }) => question);
      const participants = choices.map(({ participant }) => participant);
      return sql`unnest(${questions}::text[], ${participants}::text[]) as choice (question, participant)`;
    };
    if (given && given.length > 0)
      await sql`insert into question_votes (lesson_id, question, participant)
        select ${lessonId}, choice.question, choice.participant from ${columns(given)}
        on conflict do nothing`.execute(trx);
    if (taken && taken.length > 0)
      await sql`delete from question_votes using ${columns(taken)}
        where question_votes.lesson_id = ${lessonId}
        and question_votes.question = choice.question and question_votes.participant = choice.participant`.execute(trx);
  }
}

/** By question; those without votes are missing. One statement. */
export async function countVotes({ trx, lessonId }: VoteScope, questions: readonly string[]): Promise<Map<string, number>> {
  if (questions.length === 0) return new Map();
  const rows = await trx
    .selectFrom("question_votes")
    .select((select) => ["question", select.fn.countAll<number>().as("votes")])
    .where("lesson_id", "=", lessonId)
    .where("question", "=", sql<string>`any(${[...questions]}::text[])`)
    .groupBy("question")
    .execute();
  return new Map(rows.map(({ question, votes }) => [question, Number(votes)]));
}
