/** Serves the API routes for the channels by which people are told of alarms: robots of groups, webhooks and mail. */
import { z } from "zod";
import type { Access } from "../../../../access/actor.ts";
import { type ApiRoute, route } from "../../../../access/route.ts";
import { RefusalError } from "../../../../platform/api/server.ts";
import { platformText } from "../../../../platform/messages/platform-texts.ts";
import { json } from "../../../../platform/store/store.ts";
import { alarmText } from "../../../foundation/messages/alarm-refusal-texts.ts";
import { definedFields, idParam } from "../../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../../foundation/requests/route-context.ts";
import { type Resource, resource } from "../../../foundation/resource/resource.ts";
import type { AlarmChannel } from "../../../foundation/store/alarm-tables.ts";
import type { HourlyLimits } from "../../../people/limits/hourly-limits.ts";
import {
  type ChannelError,
  changedChannel,
  channelResponse,
  channelShape,
  newChannel,
  secretError,
  storedTarget,
  targetError,
} from "./shapes.ts";

const TAG = "Alarms";
/** Of one school, and of the platform. */
const MAX_CHANNELS = 20;
const WRITE: Access = requires("system:write", ...ADMINISTRATORS);

export type AlarmChannelContext = RouteContext & {
  readonly hourly: Pick<HourlyLimits, "admit">;
  /** Sends a test message at once. Gives why the channel did not take it; null: it did. */
  readonly testAlarmChannel: (channel: AlarmChannel) => Promise<string | null>;
};

export function alarmChannelRoutes(context: AlarmChannelContext): ApiRoute[] {
  const { storedSecrets } = context;
  const channels = resource(context, {
    table: "alarm_channels",
    path: "/alarm-channels/:alarmChannelId",
    tag: TAG,
    kind: "alarm-channel",
    read: requires("system:read", ...ADMINISTRATORS),
    write: WRITE,
    owner: "school-or-platform",
    missing: alarmText("no-channel"),
    limit: { max: MAX_CHANNELS, refusal: alarmText("too-many-channels", { max: MAX_CHANNELS }) },
    shape: channelShape,
    present: () => (channel) => channelResponse(channel, storedSecrets),
  });
  return [
    channels.list("listAlarmChannels", {
      summary: "List the channels of alarms of a school, or of the platform and all schools",
      rights: ["++------", "+0------"],
    }),
    channels.create("createAlarmChannel", {
      summary: "Create a channel: it is told of the alarms of the school, or of all alarms",
      rights: ["++------", "+0------"],
      body: newChannel,
      row: ({ kind, name, language, severity, enabled, onCall, quiet, target, secret }, { id }) => ({
        kind,
        name,
        language,
        severity,
        enabled,
        hours: json({ onCall, quiet }),
        secret_target: storedSecrets.encrypt("alarm_channels", id, storedTarget(kind, target)),
        secret: storedSecrets.encrypt("alarm_channels", id, secret),
      }),
    }),
    channels.get("getAlarmChannel", { summary: "Get a channel of alarms", rights: ["++------", "+0------"] }),
    channels.change("changeAlarmChannel", {
      summary: "Change a channel of alarms",
      rights: ["++------", "+0------"],
      body: changedChannel,
      refusals: ["bad-request"],
      columns: ({ target, secret, onCall, quiet, ...rest }, { id, kind, hours }) => {
        if (target !== undefined) refuse(targetError(kind, target));
        if (secret !== undefined) refuse(secretError(kind, secret));
        const encrypt = (text: string | undefined) =>
          text === undefined ? undefined : storedSecrets.encrypt("alarm_channels", id, text);
        // A new address, or a channel that is enabled again, gets a fresh start.
        const isFresh = target !== undefined || secret !== undefined || rest.enabled === true;
        return {
          ...definedFields({ ...rest, secret_target: encrypt(target && storedTarget(kind, target)), secret: encrypt(secret) }),
          hours: json({ onCall: onCall ?? hours.onCall, quiet: quiet ?? hours.quiet }),
          ...(isFresh ? { failures: 0, last_error: null, next_at: null } : {}),
        };
      },
    }),
    channels.delete("deleteAlarmChannel", {
      summary: "Delete a channel of alarms, and what it has yet to be told",
      rights: ["++------", "+0------"],
    }),
    testRoute(context, channels),
  ];
}

function testRoute(
  { db, storedSecrets, hourly, testAlarmChannel }: AlarmChannelContext,
  channels: Resource<"alarm_channels", typeof channelShape>,
): ApiRoute {
  return route({
    id: "testAlarmChannel",
    method: "POST",
    path: "/alarm-channels/:alarmChannelId/test",
    tag: TAG,
    summary: "Send a test message to a channel of alarms now",
    access: WRITE,
    rights: ["++------", "+0------"],
    params: idParam("alarmChannelId"),
    status: 200,
    answer: z.object({ error: z.string().nullable().describe("Null: the channel took the message.") }),
    refusals: ["not-found", "too-many", "database-away"],
    handle: async ({ actor, params: { alarmChannelId } }) => {
      const channel = await channels.find(db, actor, alarmChannelId);
      if (channel.kind === "mail") {
        const target = storedSecrets.decrypt("alarm_channels", channel.id, channel.secret_target) ?? "";
        await hourly.admit(target.split(" ").map((subject) => ({ kind: "mail-recipient", subject: subject.toLowerCase() })));
      }
      return { body: { error: await testAlarmChannel(channel) } };
    },
  });
}

/** @throws RefusalError bad-request */
function refuse(wrong: ChannelError | null): void {
  if (!wrong) return;
  const { field, message: mistake } = wrong;
  const message = platformText("field-mistake", { where: platformText("in-body"), field, mistake });
  throw new RefusalError("bad-request", message, [{ path: field, message: mistake }]);
}
