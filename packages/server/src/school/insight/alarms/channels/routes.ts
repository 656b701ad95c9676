/** API routes for the channels by which people are told of alarms: robots of groups, webhooks and mail. */
import { z } from "zod";
import type { Access, Actor } from "../../../../access/actor.ts";
import { type ApiRoute, route } from "../../../../access/route.ts";
import { RefusalError } from "../../../../platform/api/server.ts";
import { newId } from "../../../../platform/id.ts";
import { platformText } from "../../../../platform/messages/platform-texts.ts";
import { json } from "../../../../platform/store/store.ts";
import { alarmText } from "../../../foundation/messages/alarm-refusal-texts.ts";
import { schoolText } from "../../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../../foundation/requests/route-context.ts";
import { actsFor, schoolScope } from "../../../foundation/schools/scope.ts";
import type { AlarmChannel } from "../../../foundation/store/alarm-tables.ts";
import { checkVersion } from "../../../foundation/store/change.ts";
import type { Db } from "../../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../../foundation/store/update-row.ts";
import type { HourlyLimits } from "../../../people/limits/hourly-limits.ts";
import type { NoticeService } from "./notice-service.ts";
import {
  type ChannelMistake,
  changedChannel,
  channelResponse,
  channelShape,
  newChannel,
  secretMistake,
  storedTarget,
  targetMistake,
} from "./shapes.ts";

const TAG = "Alarms";
/** Of one school, and of the platform. */
const MAX_CHANNELS = 20;
const READ: Access = requires("system:read", ...ADMINISTRATORS);
const WRITE: Access = requires("system:write", ...ADMINISTRATORS);
const params = idParam("alarmChannelId");

export type AlarmChannelContext = RouteContext & {
  readonly hourly: Pick<HourlyLimits, "admit">;
  readonly alarmNotices: Pick<NoticeService, "sendTest">;
};

export function alarmChannelRoutes(context: AlarmChannelContext): ApiRoute[] {
  return [
    listChannelsRoute(context),
    createChannelRoute(context),
    getChannelRoute(context),
    changeChannelRoute(context),
    deleteChannelRoute(context),
    testChannelRoute(context),
  ];
}

function listChannelsRoute({ db, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "listAlarmChannels",
    method: "GET",
    path: "/alarm-channels",
    tag: TAG,
    summary: "List the channels of alarms of a school, or of the platform and all schools",
    access: READ,
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(channelShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("alarm_channels")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, (channel) => channelResponse(channel, storedSecrets)) };
    },
  });
}

function createChannelRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "createAlarmChannel",
    method: "POST",
    path: "/alarm-channels",
    tag: TAG,
    summary: "Create a channel: it is told of the alarms of the school, or of all alarms",
    access: WRITE,
    body: newChannel,
    status: 201,
    answer: channelShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ body, ...requester }) =>
      changes.transact(requester, async (change) => {
        const schoolId = schoolScope(requester.actor, body.schoolId);
        if (schoolId !== null) await requireSchool(change.trx, schoolId);
        await assertQuota(change.trx, schoolId);
        const channelId = newId();
        const row = {
          id: channelId,
          school_id: schoolId,
          kind: body.kind,
          name: body.name,
          language: body.language,
          severity: body.severity,
          enabled: body.enabled,
          hours: json({ onCall: body.onCall, quiet: body.quiet }),
          secret_target: storedSecrets.encrypt("alarm_channels", channelId, storedTarget(body.kind, body.target)),
          secret: storedSecrets.encrypt("alarm_channels", channelId, body.secret),
        };
        const channel = await change.trx.insertInto("alarm_channels").values(row).returningAll().executeTakeFirstOrThrow();
        await change.audit({ action: "alarm-channel.create", ...auditTarget(channel), after: channel });
        return { body: channelResponse(channel, storedSecrets) };
      }),
  });
}

function getChannelRoute({ db, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "getAlarmChannel",
    method: "GET",
    path: "/alarm-channels/:alarmChannelId",
    tag: TAG,
    summary: "Get a channel of alarms",
    access: READ,
    params,
    status: 200,
    answer: channelShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params: { alarmChannelId } }) => {
      return { body: channelResponse(await findChannel(db, actor, alarmChannelId), storedSecrets) };
    },
  });
}

function changeChannelRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "changeAlarmChannel",
    method: "PATCH",
    path: "/alarm-channels/:alarmChannelId",
    tag: TAG,
    summary: "Change a channel of alarms",
    access: WRITE,
    params,
    body: changedChannel,
    status: 200,
    answer: channelShape,
    changes: true,
    refusals: ["not-found", "bad-request", "precondition-failed", "database-away"],
    handle: ({ actor, params: { alarmChannelId }, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findChannel(change.trx, actor, alarmChannelId);
        checkVersion(before, ifMatch);
        const { kind } = before;
        if (body.target !== undefined) refuse(targetMistake(kind, body.target));
        if (body.secret !== undefined) refuse(secretMistake(kind, body.secret));
        const encrypt = (text: string | undefined) =>
          text === undefined ? undefined : storedSecrets.encrypt("alarm_channels", before.id, text);
        const columns = definedFields({
          name: body.name,
          language: body.language,
          severity: body.severity,
          enabled: body.enabled,
          hours: json({ onCall: body.onCall ?? before.hours.onCall, quiet: body.quiet ?? before.hours.quiet }),
          secret_target: encrypt(body.target && storedTarget(kind, body.target)),
          secret: encrypt(body.secret),
        });
        // A new address, or a channel that is enabled again, gets a fresh start.
        const isFresh = body.target !== undefined || body.secret !== undefined || body.enabled === true;
        const health = isFresh ? { failures: 0, last_error: null, next_at: null } : {};
        const after = await updateRow(change, "alarm_channels", before, { ...columns, ...health });
        await change.audit({ action: "alarm-channel.change", ...auditTarget(before), before, after });
        return { body: channelResponse(after, storedSecrets) };
      }),
  });
}

function deleteChannelRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteAlarmChannel",
    method: "DELETE",
    path: "/alarm-channels/:alarmChannelId",
    tag: TAG,
    summary: "Delete a channel of alarms, and what it has yet to be told",
    access: WRITE,
    params,
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params: { alarmChannelId }, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findChannel(change.trx, actor, alarmChannelId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "alarm_channels", before);
        await change.audit({ action: "alarm-channel.delete", ...auditTarget(before), before });
        return { body: null };
      }),
  });
}

function testChannelRoute({ db, hourly, storedSecrets, alarmNotices }: AlarmChannelContext): ApiRoute {
  return route({
    id: "testAlarmChannel",
    method: "POST",
    path: "/alarm-channels/:alarmChannelId/test",
    tag: TAG,
    summary: "Send a test message to a channel of alarms now",
    access: WRITE,
    params,
    status: 200,
    answer: z.object({ error: z.string().nullable().describe("Null: the channel took the message.") }),
    refusals: ["not-found", "too-many", "database-away"],
    handle: async ({ actor, params: { alarmChannelId } }) => {
      const channel = await findChannel(db, actor, alarmChannelId);
      if (channel.kind === "mail") {
        const target = storedSecrets.decrypt("alarm_channels", channel.id, channel.secret_target) ?? "";
        await hourly.admit(target.split(" ").map((subject) => ({ kind: "mail-recipient", subject: subject.toLowerCase() })));
      }
      return { body: { error: await alarmNotices.sendTest(channel, Date.now()) } };
    },
  });
}

/** @throws RefusalError bad-request */
function refuse(wrong: ChannelMistake | null): void {
  if (!wrong) return;
  const { field, message: mistake } = wrong;
  const message = platformText("field-mistake", { where: platformText("in-body"), field, mistake });
  throw new RefusalError("bad-request", message, [{ path: field, message: mistake }]);
}

/** @throws RefusalError not-found */
async function findChannel(db: Db, actor: Actor, channelId: string): Promise<AlarmChannel> {
  const channel = await db.selectFrom("alarm_channels").selectAll().where("id", "=", channelId).executeTakeFirst();
  if (!channel || !actsFor(actor, channel.school_id)) throw new RefusalError("not-found", alarmText("no-channel"));
  return channel;
}

/** @throws RefusalError not-found */
async function requireSchool(db: Db, schoolId: string): Promise<void> {
  // The lock makes channels that are created at the same time count one after the other.
  const school = await db.selectFrom("schools").select("id").where("id", "=", schoolId).forNoKeyUpdate().executeTakeFirst();
  if (!school) throw new RefusalError("not-found", schoolText("no-school"));
}

/** @throws RefusalError conflict, where there are as many channels as there may be */
async function assertQuota(db: Db, schoolId: string | null): Promise<void> {
  const all = db.selectFrom("alarm_channels").select((row) => row.fn.countAll<number>().as("count"));
  const own = schoolId === null ? all.where("school_id", "is", null) : all.where("school_id", "=", schoolId);
  const { count } = await own.executeTakeFirstOrThrow();
  if (Number(count) >= MAX_CHANNELS) throw new RefusalError("conflict", alarmText("too-many-channels", { max: MAX_CHANNELS }));
}

function auditTarget({ id: targetId, school_id: schoolId }: AlarmChannel) {
  return { schoolId, targetKind: "alarm-channel", targetId };
}
