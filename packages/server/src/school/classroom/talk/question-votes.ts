/** Stores and counts votes for questions: all votes of a group in one statement, each person once. */
import { sql } from "kysely";
import type { RoomView } from "../domain.ts";

type Place = Pick<RoomView, "trx" | "lessonId">;

/** The last wish of each person in a group, by question. */
export class VoteGroup {
  private readonly wishes = new Map<string, { readonly question: string; readonly participant: string; readonly on: boolean }>();

  add(question: string, participant: string, on: boolean): void {
    this.wishes.set(`${question}/${participant}`, { question, participant, on });
  }

  get questions(): string[] {
    return [...new Set([...this.wishes.values()].map(({ question }) => question))];
  }

  /** At most two statements. */
  async store({ trx, lessonId }: Place): Promise<void> {
    const [given, taken] = [true, false].map((on) => [...this.wishes.values()].filter((wish) => wish.on === on));
    const columns = (wishes: readonly { readonly question: string; readonly participant: string }[]) => {
      const questions = wishes.map(({ question }) => question);
      const participants = wishes.map(({ participant }) => participant);
      return sql`unnest(${questions}::text[], ${participants}::text[]) as wish (question, participant)`;
    };
    if (given && given.length > 0)
      await sql`insert into question_votes (lesson_id, question, participant)
        select ${lessonId}, wish.question, wish.participant from ${columns(given)}
        on conflict do nothing`.execute(trx);
    if (taken && taken.length > 0)
      await sql`delete from question_votes using ${columns(taken)}
        where question_votes.lesson_id = ${lessonId}
        and question_votes.question = wish.question and question_votes.participant = wish.participant`.execute(trx);
  }
}

/** By question; those without votes are missing. One statement. */
export async function countVotes({ trx, lessonId }: Place, questions: readonly string[]): Promise<Map<string, number>> {
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
