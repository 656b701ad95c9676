/** Serves the API routes of the comments that a marker uses again. */
import { type ApiRoute, route } from "../../../access/route.ts";
import { json } from "../../../platform/store/store.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { forPeople } from "../../foundation/requests/permissions.ts";
import { ownAccount } from "../../people/accounts/people-only.ts";
import type { ExamContext } from "../exam-context.ts";
import { READ_MARKING, WRITE_MARKING } from "./marking-rights.ts";
import { commentsShape } from "./shapes.ts";

const PATH = "/marking-comments";
const TAG = "Marking";

export function commentRoutes({ db, changes }: ExamContext): ApiRoute[] {
  const get = route({
    id: "getMarkingComments",
    method: "GET",
    path: PATH,
    tag: TAG,
    summary: "Get the comments that this person uses again",
    access: READ_MARKING,
    rights: ["+++++---", null],
    status: 200,
    answer: commentsShape,
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      const own = db
        .selectFrom("marking_comments")
        .select("comments")
        .where("user_id", "=", actor.id ?? "");
      return { body: { comments: [...((await own.executeTakeFirst())?.comments ?? [])] } };
    },
  });
  const put = route({
    id: "putMarkingComments",
    method: "PUT",
    path: PATH,
    tag: TAG,
    summary: "Say which comments this person uses again",
    access: WRITE_MARKING,
    rights: ["+++++---", null],
    body: commentsShape,
    status: 200,
    answer: commentsShape,
    refusals: ["refused-by-rule", "database-away"],
    handle: ({ actor, body }) =>
      changes.transact({ actor }, async ({ trx }) => {
        const { id: user_id } = await ownAccount(trx, actor, examText("markers-are-people"));
        const comments = json<readonly string[]>([...new Set(body.comments)]);
        await trx
          .insertInto("marking_comments")
          .values({ user_id, comments })
          .onConflict((conflict) => conflict.column("user_id").doUpdateSet({ comments }))
          .execute();
        return { body: { comments: [...new Set(body.comments)] } };
      }),
  });
  return [get, put].map((one) => forPeople(one, examText("markers-are-people")));
}
