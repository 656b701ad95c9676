/** Creates the tables, as 50 migrations made them one after the other before the first release. */
import { type Kysely, sql } from "kysely";
import type { TableMigration } from "../../../platform/store/migrations.ts";
import { CLASSROOM } from "./schema/classroom.ts";
import { EXCHANGE } from "./schema/exchange.ts";
import { FUNCTIONS } from "./schema/functions.ts";
import { INSIGHT } from "./schema/insight.ts";
import { LESSONS } from "./schema/lessons.ts";
import { PEOPLE } from "./schema/people.ts";
import { STREAMS } from "./schema/streams.ts";

/** Tables refer only to those before them. */
const STATEMENTS = [...FUNCTIONS, ...PEOPLE, ...LESSONS, ...STREAMS, ...CLASSROOM, ...INSIGHT, ...EXCHANGE];

export const migration: TableMigration = {
  replaces: "0054-complaints-without-view",
  up: async (db: Kysely<unknown>) => {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
  },
};
