/** Sends one message to a channel of alarms: by its robot, by webhook, or by mail. */

import { headersOf } from "../../../foundation/delivery/post-delivery.ts";
import { type GuardedAnswer, type GuardedPost, postGuarded } from "../../../foundation/delivery/post-guarded.ts";
import type { AlarmChannel } from "../../../foundation/store/alarm-tables.ts";
import type { StoredSecrets } from "../../../foundation/store/stored-secrets.ts";
import type { Mail } from "../../../people/accounts/mail.ts";
import type { MessageText, NotifiedAlarm } from "./message-text.ts";
import { robotPost, robotRefusal } from "./robot-formats.ts";

export type SendOptions = {
  readonly storedSecrets: StoredSecrets;
  readonly mail: Pick<Mail, "sendAlarms">;
  /** Whether channels of schools may lead into private networks; those of the platform always may. */
  readonly allowPrivate: () => boolean;
  /** Default: over HTTP. */
  readonly post?: (post: GuardedPost) => Promise<GuardedAnswer>;
};

export type Message = {
  readonly id: string;
  readonly text: MessageText;
  /** None in a test. */
  readonly alarms: readonly NotifiedAlarm[];
};

export type Sent = {
  /** Null: the channel took the message. */
  readonly error: string | null;
  readonly retryAfterSeconds: number | null;
};

export async function sendMessage(options: SendOptions, channel: AlarmChannel, message: Message, now: number): Promise<Sent> {
  const { storedSecrets, mail, allowPrivate, post = postGuarded } = options;
  const target = storedSecrets.decrypt("alarm_channels", channel.id, channel.secret_target);
  const secret = storedSecrets.decrypt("alarm_channels", channel.id, channel.secret);
  if (target === null || secret === null)
    return { error: "the channel's address cannot be decrypted; enter it again", retryAfterSeconds: null };
  if (channel.kind === "mail") return await sendMails(mail, target.split(" "), message);
  const mayBePrivate = channel.school_id === null || allowPrivate();
  if (channel.kind === "webhook") {
    const body = webhookBody(message, now);
    const headers = headersOf({ id: message.id, event: "alarms", body, secret });
    const { error, retryAfterSeconds } = await post({ url: target, headers, body, allowPrivate: mayBePrivate });
    return { error, retryAfterSeconds };
  }
  const { url, body } = robotPost(channel.kind, target, secret, message.text, now);
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Lectern-Alarms/1",
  };
  const answer = await post({ url, headers, body, allowPrivate: mayBePrivate });
  return { error: robotRefusal(channel.kind, answer), retryAfterSeconds: answer.retryAfterSeconds };
}

async function sendMails(mail: SendOptions["mail"], to: readonly string[], { text }: Message): Promise<Sent> {
  const { title, lines, url } = text;
  const body = [...lines, "", ...(url === "" ? [] : [url, ""])].join("\n");
  const sent = await Promise.all(to.map((address) => mail.sendAlarms(address, title, body)));
  // Sent again, those who have it would get it twice.
  if (sent.some((isSent) => isSent)) return { error: null, retryAfterSeconds: null };
  return { error: "the mail server took no mail", retryAfterSeconds: null };
}

function webhookBody({ id, text, alarms }: Message, now: number): string {
  const data = {
    title: text.title,
    lines: text.lines,
    url: text.url,
    alarms: alarms.map((alarm) => ({
      id: alarm.id,
      event: alarm.event,
      code: alarm.code,
      ruleName: alarm.ruleName,
      severity: alarm.severity,
      subject: alarm.subject,
      lessonTitle: alarm.lessonTitle,
      detail: alarm.detail,
      raisedAt: alarm.raised_at.toISOString(),
      clearedAt: alarm.cleared_at?.toISOString() ?? null,
    })),
  };
  return JSON.stringify({ id, event: "alarms", at: new Date(now).toISOString(), data });
}
