/** Serves the API routes for acts that a second person approves: their requests, the switches of a school, and an operator's entry. */
import { sql } from "kysely";
import { z } from "zod";
import { missingScopes, SCOPES } from "../../../access/actor.ts";
import type { Rights } from "../../../access/rights.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import type { Accepted } from "../../../platform/api/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { approvalText } from "../messages/approval-texts.ts";
import { schoolText } from "../messages/school-texts.ts";
import { id, idParam } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { ADMINISTRATORS, forPeople, requires, STAFF } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import { actsFor, noSuchSchool, schoolScope } from "../schools/scope.ts";
import { updateRow } from "../store/update-row.ts";
import { askForApproval, otherAdministrators } from "./ask.ts";
import { approve, type DecisionContext, endEntry, findApproval, refuse, withdraw } from "./decide.ts";
import { APPROVALS, closedSchools } from "./operator-entry.ts";
import { approvalResponse, approvalShape, namedApprovals } from "./present.ts";
import { reason } from "./reason.ts";
import { SWITCHES, type Switches, switchColumns, switchesOf, switchFields, switchState } from "./switches.ts";

const TAG = APPROVALS;
const CLOSED = ["not-found", "not-the-second-person", "approval-closed", "database-away"] as const;

export type ApprovalContext = RouteContext & { readonly approvals: Pick<DecisionContext, "acts" | "providerOf"> };

export function approvalRoutes(context: ApprovalContext): ApiRoute[] {
  const decisions = { changes: context.changes, ...context.approvals };
  return [
    listApprovalsRoute(context),
    getApprovalRoute(context),
    // The operator's token has asked.
    decisionRoute("approveApproval", {
      verb: "approve",
      summary: "Approve a request: what was asked for is carried out",
      rights: ["-+000---", "-0000---"],
      decide: approve,
      decisions,
    }),
    decisionRoute("refuseApproval", {
      verb: "refuse",
      summary: "Refuse a request",
      rights: ["-+000---", "-0000---"],
      decide: refuse,
      decisions,
    }),
    decisionRoute("withdrawApproval", {
      verb: "withdraw",
      summary: "Withdraw the own request",
      rights: ["--000---", "-0000---"],
      decide: withdraw,
      decisions,
    }),
    decisionRoute("endEntry", {
      verb: "end",
      summary: "End an operator's entry: for the school's administrators and the operator",
      rights: ["-+000---", "-0000---"],
      decide: endEntry,
      decisions,
    }),
    getFourEyesRoute(context),
    putFourEyesRoute(context),
    askForEntryRoute(context),
  ];
}

function listApprovalsRoute({ db }: ApprovalContext): ApiRoute {
  return route({
    id: "listApprovals",
    method: "GET",
    path: "/approvals",
    tag: TAG,
    summary: "List requests for approval, newest first: administrators those of their school, others those that they have made",
    access: requires("people:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    reads: { unlogged: "who asks for what is in the log itself" },
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      state: z
        .enum(["waiting", "entered"])
        .optional()
        .describe("waiting: nobody has decided yet. entered: an operator is in the school."),
    }),
    status: 200,
    answer: pageOf(approvalShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor, state, schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      const now = new Date();
      let matching = namedApprovals(db)
        .orderBy("approvals.id", "desc")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("approvals.school_id", "=", school);
      if (cursor !== undefined) matching = matching.where("approvals.id", "<", cursor);
      if (state === "waiting") matching = matching.where("state", "=", "waiting").where("expires_at", ">", now);
      if (state === "entered") matching = matching.where("state", "=", "done").where("ends_at", ">", now);
      const { closedSchools: closed = [], role, kind, id: me } = actor;
      const isOwn = kind === "token" ? sql<boolean>`asked_kind = 'token'` : sql<boolean>`asked_by = ${me}`;
      if (role === "operator" && closed.length > 0)
        matching = matching.where(({ eb, or }) => or([eb("approvals.school_id", "not in", closed), isOwn]));
      else if (role !== "operator" && role !== "administrator") matching = matching.where(isOwn);
      return { body: toPage(await matching.execute(), limit, (row) => approvalResponse(row, actor, now.getTime())) };
    },
  });
}

function getApprovalRoute({ db }: ApprovalContext): ApiRoute {
  return route({
    id: "getApproval",
    method: "GET",
    path: "/approvals/:approvalId",
    tag: TAG,
    summary: "Get a request for approval",
    access: requires("people:read", ...STAFF),
    rights: ["++000---", "+0000---"],
    reads: { unlogged: "who asks for what is in the log itself" },
    params: idParam("approvalId"),
    status: 200,
    answer: approvalShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const { id: found } = await findApproval(db, actor, params.approvalId);
      const row = await namedApprovals(db).where("approvals.id", "=", found).executeTakeFirstOrThrow();
      return { body: approvalResponse(row, actor, Date.now()) };
    },
  });
}

type Decision = {
  readonly verb: string;
  readonly summary: string;
  readonly rights: Rights;
  readonly decide: typeof approve;
  readonly decisions: DecisionContext;
};

function decisionRoute(operation: string, { verb, summary, rights, decide, decisions }: Decision): ApiRoute {
  return forPeople(
    route({
      id: operation,
      method: "POST",
      path: `/approvals/:approvalId/${verb}`,
      tag: TAG,
      summary,
      access: requires("people:write", ...STAFF),
      rights,
      params: idParam("approvalId"),
      status: 200,
      answer: approvalShape,
      refusals: verb === "approve" ? [...CLOSED, "approval-outdated", "conflict"] : CLOSED,
      handle: async ({ actor, params, credential }) => ({
        body: await decide(decisions, { actor, credential }, params.approvalId),
      }),
    }),
    approvalText("administrators-decide"),
  );
}

function getFourEyesRoute({ db }: ApprovalContext): ApiRoute {
  return route({
    id: "getFourEyes",
    method: "GET",
    path: "/schools/:schoolId/four-eyes",
    tag: TAG,
    summary: "Get which acts a second person of the school approves",
    access: requires("schools:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    params: idParam("schoolId"),
    status: 200,
    answer: z.object(switchFields).meta({ id: "FourEyes" }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const school = await db.selectFrom("schools").selectAll().where("id", "=", params.schoolId).executeTakeFirst();
      const isOwn = actor.role === "operator" || actor.schoolId === params.schoolId;
      if (!school || !isOwn) throw noSuchSchool();
      return { body: switchesOf(school) };
    },
  });
}

function putFourEyesRoute({ changes }: ApprovalContext): ApiRoute {
  return route({
    id: "putFourEyes",
    method: "PUT",
    path: "/schools/:schoolId/four-eyes",
    tag: TAG,
    summary:
      "Set which acts a second person of the school approves: turning one on holds at once, turning one off waits for approval",
    access: requires("schools:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("schoolId"),
    body: z.strictObject({ ...switchFields, reason }),
    status: 200,
    answer: z.object(switchFields).meta({ id: "FourEyes" }),
    accepted: approvalShape,
    refusals: ["not-found", "conflict", "approval-needed", "too-many", "database-away"],
    handle: ({ actor, params, body: { reason: why, ...wanted } }) =>
      changes.transact<Switches | Accepted<unknown>>({ actor }, async (change) => {
        const before = await change.trx.selectFrom("schools").selectAll().where("id", "=", params.schoolId).executeTakeFirst();
        if (!before || !actsFor(actor, before.id)) throw noSuchSchool();
        const now = switchesOf(before);
        const [on, off] = [
          SWITCHES.filter((name) => wanted[name] && !now[name]),
          SWITCHES.filter((name) => !wanted[name] && now[name]),
        ];
        if (on.length + off.length === 0) return { body: now };
        const missing = missingScopes(actor, SCOPES);
        if (missing.length > 0)
          throw new RefusalError("refused-by-rule", schoolText("key-sets-access", { scopes: missing.join(", ") }));
        if (on.length > 0 && off.length > 0) throw new RefusalError("conflict", approvalText("on-or-off"));
        const schoolId = before.id;
        if (off.length > 0)
          return await askForApproval(change, actor, {
            act: "turn-off",
            schoolId,
            target: { kind: "school", id: schoolId },
            params: Object.fromEntries(off.map((name) => [name, false])),
            objectState: switchState(before),
            reason: why,
          });
        if ((await otherAdministrators(change.trx, { school_id: schoolId, asked_by: null })).length < 2)
          throw new RefusalError("conflict", approvalText("needs-two"));
        const after = await updateRow(change, "schools", before, switchColumns(Object.fromEntries(on.map((name) => [name, true]))));
        // What guests may watch today they go on watching.
        if (on.includes("publish")) await keepPublished(change.trx, schoolId);
        await change.audit({
          action: "school.four-eyes",
          schoolId,
          targetKind: "school",
          targetId: schoolId,
          before: { ...now },
          after: { ...switchesOf(after) },
        });
        return { body: switchesOf(after) };
      }),
  });
}

/** Recordings that guests may watch when publishing begins to need approval. */
async function keepPublished(trx: Parameters<typeof otherAdministrators>[0], schoolId: string): Promise<void> {
  await trx
    .updateTable("recordings")
    .set((row) => ({ outside_approved: true, version: row("version", "+", 1) }))
    .where("school_id", "=", schoolId)
    .where("published", "=", true)
    .where(({ selectFrom, ref, eb }) =>
      eb(
        ref("lesson_id"),
        "in",
        selectFrom("lessons").select("lessons.id").where("school_id", "=", schoolId).where("guests", "=", true),
      ),
    )
    .execute();
}

function askForEntryRoute({ changes }: ApprovalContext): ApiRoute {
  return route({
    id: "askForEntry",
    method: "POST",
    path: "/schools/:schoolId/operator-entries",
    tag: TAG,
    summary: "Ask a school to let the operator in for some minutes, which begin when an administrator of the school approves",
    access: requires("schools:write", "operator"),
    // The school lets operators in without asking.
    rights: ["+-------", "+-------"],
    params: idParam("schoolId"),
    body: z.strictObject({
      minutes: z.int().min(5).max(480),
      reason: z.string().trim().min(1).max(500).describe("Why, for the school."),
    }),
    status: 202,
    answer: approvalShape,
    refusals: ["not-found", "conflict", "approval-needed", "too-many", "database-away"],
    handle: async ({ actor, params, body: { minutes, reason: why } }) => {
      const { body } = await changes.transact({ actor }, async (change) => {
        const school = await change.trx.selectFrom("schools").selectAll().where("id", "=", params.schoolId).executeTakeFirst();
        if (!school) throw noSuchSchool();
        if (!school.four_eyes_entry || actor.isBreakGlass) throw new RefusalError("conflict", approvalText("entry-not-needed"));
        if (!(await closedSchools(change.trx, actor)).includes(school.id))
          throw new RefusalError("conflict", approvalText("entry-lasts", { until: await entryEnd(change.trx, actor, school.id) }));
        return await askForApproval(change, actor, {
          act: "operator-entry",
          schoolId: school.id,
          target: { kind: "school", id: school.id },
          params: { minutes },
          objectState: "",
          reason: why,
        });
      });
      return { body: body.body };
    },
  });

  async function entryEnd(
    trx: Parameters<typeof otherAdministrators>[0],
    { kind, id: me }: { kind: string; id: string | null },
    schoolId: string,
  ) {
    const entries = trx
      .selectFrom("approvals")
      .select(({ fn }) => fn.max("ends_at").as("until"))
      .where("school_id", "=", schoolId);
    const own = kind === "token" ? entries.where("asked_kind", "=", "token") : entries.where("asked_by", "=", me);
    return (await own.executeTakeFirst())?.until?.toISOString() ?? "";
  }
}
