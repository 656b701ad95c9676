/**
 * Defines what an administrator and an operator have to do with: rules, sources, webhooks, questions, forms, alarms and a term of lessons that were
 * watched.
 */

import type { Database } from "../../packages/server/src/school/foundation/store/tables.ts";
import { fullExit, insertAlarm, insertWatchedLesson } from "../fresh-quality.ts";
import { ask, done } from "../lesson-client.ts";
import { addPolicies, PROGRAMS } from "../sample-policies.ts";
import type { Courses, Lessons, Stage } from "./lessons.ts";

/** The back ends of the school are not there. */
const NOBODY = "https://127.0.0.1:9";

export type Office = Readonly<Record<"formId" | "webhookId" | "probeId" | "alarmId" | "watchedLessonId", string>>;

export async function fillOffice(stage: Stage, courses: Courses, lessons: Lessons, db: Database): Promise<Office> {
  await connectOthers(stage, lessons);
  await setRules(stage, courses, lessons);
  const watched = await watchAndAlarm(stage, db);
  return { ...(await keepForms(stage)), ...watched };
}

async function connectOthers({ server, schoolId }: Stage, { camera }: Lessons): Promise<void> {
  await done(server, "POST", "/sources", {
    schoolId,
    title: "City television 城市电视台",
    name: "city-television",
    start: "always",
    addresses: ["rtsp://admin:a-password@127.0.0.1:9/channel/1", `${NOBODY}/live.m3u8`],
  });
  await done(server, "POST", "/sources", {
    schoolId,
    title: "School yard 操场",
    name: "yard",
    addresses: ["rtsp://127.0.0.1:9/yard"],
  });
  await done(server, "POST", `/lessons/${camera.id}/forwards`, { title: "Video platform", url: "rtmp://127.0.0.1:9/live/a-key" });
  await done(server, "POST", "/ladders", {
    schoolId,
    name: "Slow lines in the mountains 山区线路",
    rungs: [
      { name: "sd", height: 480, videoKbps: 700 },
      { name: "audio", height: null, audioKbps: 48 },
    ],
  });
  await done(server, "POST", "/api-keys", { schoolId, name: "Timetable program", scopes: ["lessons:read", "lessons:write"] });
  await done(server, "POST", "/providers", {
    schoolId,
    name: "City education account 市教育账号",
    issuer: NOBODY,
    clientId: "lectern",
    clientSecret: "a secret",
    roleClaim: "groups",
    roles: { staff: "teacher", pupils: "student" },
  });
  const moodle = `${NOBODY}/mod/lti`;
  await done(server, "POST", "/lti/platforms", {
    schoolId,
    name: "Moodle",
    issuer: NOBODY,
    clientId: "a-client",
    deploymentIds: ["1"],
    loginUrl: `${moodle}/auth.php`,
    tokenUrl: `${moodle}/token.php`,
    keysUrl: `${moodle}/certs.php`,
  });
}

async function setRules({ server, schoolId }: Stage, { maths }: Courses, { board }: Lessons): Promise<void> {
  await addPolicies(server, { schoolId, lessonId: board.id, listUrl: `${NOBODY}/lists/blocked.txt` });
  await done(server, "POST", "/policies", { target: { level: "course", id: maths }, rules: [PROGRAMS] });
  await done(server, "POST", "/protection/exemptions", { network: "2001:db8:1234:5678::/64", note: "The campus 校园网" });
  await done(server, "POST", "/word-lists", { schoolId, name: "Insults 辱骂", action: "mask", words: "idiot*\n傻瓜" });
  await done(server, "POST", "/word-lists", { schoolId, name: "To be read first", action: "hold", words: "lottery" });
  await done(server, "POST", "/content-checks", { schoolId, url: `${NOBODY}/text`, deadlineMs: 1500, enabled: false });
}

async function keepForms(stage: Stage): Promise<Pick<Office, "formId" | "webhookId" | "probeId">> {
  const { server, schoolId, people } = stage;
  const form = await done(server, "POST", "/check-in-forms", {
    schoolId,
    name: "Health 健康打卡",
    fields: [
      { key: "well", label: "Are you well today? 今天身体好吗?", type: "yes-no" },
      { key: "where", label: "Where are you? 你在哪里?", type: "choice", options: ["at home 在家", "at school 在校"] },
      { key: "temperature", label: "Temperature 体温 (°C)", type: "number" },
    ],
  });
  for (const [i, { token }] of people.students.slice(1, 12).entries()) {
    const answers = {
      well: i !== 4,
      where: i % 3 === 0 ? "at home 在家" : "at school 在校",
      temperature: (362 + (i % 5) * 2) / 10,
    };
    const answer = await ask(server, "PUT", `/check-in-forms/${form.id}/mine`, { answers }, token);
    if (answer.status >= 300) throw new Error(`a check-in: ${JSON.stringify(answer.body)}`);
  }
  const webhook = await done(server, "POST", "/webhooks", { schoolId, url: `${NOBODY}/hooks/lectern` });
  const probe = await done(server, "POST", "/probes", { schoolId, name: "Every lesson 所有课程" });
  for (const question of [
    { type: "single", text: "½ + ¼ = ?", options: ["2/6", "3/4", "1/8"], correct: [1], tags: ["fractions"] },
    {
      type: "number",
      text: "π to two places? π 保留两位小数是多少?",
      correct: { value: 3.14, tolerance: 0.005 },
      tags: ["numbers"],
    },
    { type: "boolean", text: "A square is a rectangle. 正方形是长方形。", correct: true, tags: ["geometry"] },
  ]) {
    const answer = await ask(server, "POST", "/quiz-bank", question, people.wang.token);
    if (answer.status >= 300) throw new Error(`a question: ${JSON.stringify(answer.body)}`);
  }
  return { formId: form.id, webhookId: webhook.id, probeId: probe.id };
}

async function watchAndAlarm(
  { server, schoolId, people }: Stage,
  db: Database,
): Promise<Pick<Office, "alarmId" | "watchedLessonId">> {
  await done(server, "PUT", `/quality-rule?schoolId=${schoolId}`, { enabled: true, stallSeconds: 180, viewerShare: 0.2 });
  const of = { schoolId, teacherId: people.wang.id };
  for (let day = 1; day < 14; day++)
    await insertWatchedLesson(db, {
      ...of,
      title: `Fractions ${day} 分数`,
      daysAgo: day,
      viewers: 40,
      complaints: day % 6 === 0 ? 1 : 0,
    });
  const bad = { title: "Ratios 比和比例", daysAgo: 1, viewers: 40, stalled: 12, failed: 2, complaints: 3 };
  const watchedLessonId = await insertWatchedLesson(db, { ...of, ...bad });
  await done(server, "POST", "/alarm-rules", {
    name: "Disk of the recordings 录制磁盘",
    kind: "node",
    metric: "disk",
    threshold: 0.85,
  });
  await done(server, "POST", "/alarm-channels", {
    schoolId,
    kind: "dingtalk",
    name: "IT 信息中心",
    target: `${NOBODY}/robot/send?access_token=XXXXXX`,
    secret: "SEC000000",
    language: "zh",
    severity: "critical",
  });
  await insertAlarm(db, {
    code: "source-away",
    subject: "live/city-television",
    severity: "warning",
    minutesAgo: 1500,
    lasted: 20,
    detail: "no answer from 203.0.113.9",
  });
  for (const minutesAgo of [300, 280, 260])
    await insertAlarm(db, { code: "uplink-poor", subject: "live/math", severity: "warning", minutesAgo, lasted: 12, isRule: true });
  for (let i = 0; i < 12; i++) {
    const subject = `origin-1>edge-${i + 1}`;
    await insertAlarm(db, {
      code: "link-lossy",
      severity: "warning",
      minutesAgo: 20 - i / 10,
      isRule: true,
      detail: "lost 12 %",
      subject,
    });
  }
  const subject = "edge-7.beijing";
  const exit = { code: "exit-full", subject, detail: "exit bandwidth in use 97 %", seen: fullExit(subject) } as const;
  return { watchedLessonId, alarmId: await insertAlarm(db, { ...exit, severity: "critical", minutesAgo: 5, isRule: true }) };
}
