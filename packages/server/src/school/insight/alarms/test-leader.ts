/** For unit tests of alarms: the alarms, rules and channels of a control process that leads, with a clock of its own, and what it posts to robots. */
import { newId } from "../../../platform/id.ts";
import type { GuardedAnswer, GuardedPost } from "../../foundation/delivery/post-guarded.ts";
import type { AlarmChannel } from "../../foundation/store/alarm-tables.ts";
import { Changes } from "../../foundation/store/change.ts";
import { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { silentLog } from "../../foundation/store/test-database.ts";
import { workOnce } from "../../foundation/work/test-work.ts";
import { Series } from "../metrics-history/metrics-history.ts";
import { AlarmService, type AlarmSource, type OpenAlarm } from "./alarm-service.ts";
import { alarmNotices, alarmReminders } from "./channels/alarm-notices.ts";
import { RuleWatch } from "./rule-watch.ts";

export const START = 1_800_000_000_000;
/** What a robot answers that has taken a message. */
export const TAKEN: GuardedAnswer = { status: 200, error: null, text: '{"errcode":0,"errmsg":"ok"}', retryAfterSeconds: null };
const POLL_MS = 5000;

export type Answer = (post: GuardedPost) => GuardedAnswer;

export function testLeader(db: Database, answer: Answer = () => TAKEN) {
  const time = { now: START };
  const posts: { readonly at: number; readonly to: string; readonly text: string }[] = [];
  const storedSecrets = new StoredSecrets(() => ["a secret of the server"], silentLog);
  const options = { db, log: silentLog, isLeader: () => true };
  const series = new Series();
  const alarms = new AlarmService({ ...options, measurements: series, changes: new Changes(db, () => {}), now: () => time.now });
  const watch = new RuleWatch({ ...options, alarms, measurements: series });
  const reminders = alarmReminders(db, () => {});
  const channels = alarmNotices({
    ...options,
    storedSecrets,
    allowPrivate: () => false,
    publicUrl: () => "https://school.example/",
    mail: { sendAlarms: async () => true },
    post: async (post) => {
      const { text, data } = JSON.parse(post.body) as { text?: { content: string }; data?: { lines: string[] } };
      posts.push({ at: time.now, to: post.url, text: text?.content ?? data?.lines.join("\n") ?? "" });
      return answer(post);
    },
  });
  /** Tells channels what is due. */
  const tell = async (now: number): Promise<void> => {
    await workOnce(reminders, now);
    await workOnce(channels, now);
  };
  const report = async (source: AlarmSource, open: readonly OpenAlarm[]): Promise<void> => {
    alarms.report(source, open);
    await alarms["writing"];
  };
  /** Lets time pass, in which channels are told. */
  const pass = async (milliseconds: number, pollMs = POLL_MS): Promise<void> => {
    for (const until = time.now + milliseconds; time.now < until; ) {
      time.now += pollMs;
      await tell(time.now);
    }
  };
  const channel = async (fields: Partial<AlarmChannel> = {}): Promise<string> => {
    const id = newId();
    const row = { id, school_id: null, kind: "wecom", name: id, language: "en", severity: "warning", enabled: true } as const;
    const secret_target = storedSecrets.encrypt("alarm_channels", id, `https://robot.example/${fields.name ?? ""}`);
    await db
      .insertInto("alarm_channels")
      .values({ ...row, ...fields, id, secret_target, secret: storedSecrets.encrypt("alarm_channels", id, "") })
      .execute();
    return id;
  };
  return { series, alarms, watch, tell, posts, time, report, pass, channel };
}
