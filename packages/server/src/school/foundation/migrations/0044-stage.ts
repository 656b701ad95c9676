/** Adds the small lesson, in which everybody is seen and heard, and those who are on stage in a class. */
import { type Kysely, type Migration, sql } from "kysely";

const STATEMENTS = [
  "alter table lessons drop constraint lessons_mode_check",
  `alter table lessons add constraint lessons_mode_check
    check (mode in ('broadcast', 'interactive-large', 'interactive-small', 'small', 'one-to-one'))`,
  `create table stage_people (
    lesson_id text not null references lessons (id) on delete cascade,
    participant_id text not null references participants (id) on delete cascade,
    primary key (lesson_id, participant_id)
  )`,
  "create index stage_people_by_participant on stage_people (participant_id)",
];

export const stage: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
