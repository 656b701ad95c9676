/**
 * Addresses that abuse the service are slowed, challenged and refused at every door, and let go again, while others notice nothing.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { CLEARANCE_COOKIE, signProofOfWork } from "../packages/server/src/access/protection/proof-of-work.ts";
import { abuse, askFrom, askOnce, asOperator, connectionFrom, countermeasuresOf, scan, untilAnswered } from "./abuser.ts";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import { sharedLectern, wholeFile } from "./fixtures.ts";
import { type Lectern, startLectern, TOKEN, until } from "./lectern.ts";
import { shiftedClock } from "./shifted-clock.ts";
import { watch } from "./watching.ts";
import { pidOf } from "./worker-connections.ts";

const SECRET = "link-secret-of-this-test";
const SETTINGS = { workers: "2", "secrets.links": `["${SECRET}"]` };
const JOIN = { method: "POST", body: { name: "Li Mei" } } as const;
const OTHER = "127.0.0.3";
/** Workers refuse it themselves, also while there is no control process; a code that nobody has. */
const HELD = "/api/v1/invitations/none";
/** How long a request waits under `slow`, less what timers are early by. */
const SLOW_MS = 1900;

let opened: Promise<Lectern> | null = null;
/** A server with a live stream. */
function liveServer(): Promise<Lectern> {
  opened ??= sharedLectern(SETTINGS).then(async (lectern) => {
    publishForever(wholeFile, clip("b-frames"), `${lectern.rtmp}/live/math`);
    await lectern.stream("math", ({ video }) => video !== null);
    return lectern;
  });
  return opened;
}

const cleared = (ip: string, at = Date.now()) => ({ cookie: `${CLEARANCE_COOKIE}=${signProofOfWork(ip, SECRET, at)}` });

/** What somebody else does all the while. A busy machine may be slow once, and a measure is slow each time. */
async function otherIsUntouched(lectern: Lectern): Promise<void> {
  await until(async () => {
    const answers = await Promise.all([
      askFrom(lectern, OTHER, "/"),
      askFrom(lectern, OTHER, HELD),
      askFrom(lectern, OTHER, "/api/v1/lessons/no-such-code/join", JOIN),
      askFrom(lectern, OTHER, "/live/math.m3u8"),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 404, 404, 200],
    );
    return answers.every(({ ms }) => ms < SLOW_MS);
  }, "quick answers for somebody else");
}

test("who looks for what is not there is slowed, then challenged, then refused, and others are not", async (t) => {
  const lectern = await liveServer();
  const ip = "127.0.0.2";
  await otherIsUntouched(lectern);

  // So slowly that no report has the signs of two measures.
  const slowly = { names: 1 };
  assert.ok((await scan(lectern, ip, "slow", slowly)) < 30);
  const slowed = await until(async () => {
    const answer = await askFrom(lectern, ip, HELD);
    return answer.ms >= SLOW_MS || answer.code === "challenge-required" ? answer : null;
  }, "a slow answer");
  assert.ok(slowed.status === 404 || slowed.code === "challenge-required");
  await until(async () => (await askFrom(lectern, ip, "/")).ms < SLOW_MS, "a page at once");
  await otherIsUntouched(lectern);

  await scan(lectern, ip, "challenge", slowly);
  const joined = await until(async () => {
    const answer = await askFrom(lectern, ip, "/api/v1/lessons/no-such-code/join", JOIN);
    return answer.code === "challenge-required" || answer.status === 429 ? answer : null;
  }, "a challenge");
  assert.ok(joined.status === 403 || joined.status === 429);
  await otherIsUntouched(lectern);

  await scan(lectern, ip, "refuse");
  await untilAnswered(lectern, ip, HELD, 429);
  const refused = await askFrom(lectern, ip, HELD);
  assert.ok(Number(refused.headers["retry-after"]) > 0);
  const page = { ...JOIN, headers: { "lectern-page": "anonymous" } };
  assert.equal((await askFrom(lectern, ip, "/api/v1/lessons/no-such-code/join", page)).code, "challenge-required");
  assert.equal((await askFrom(lectern, ip, "/")).status, 200);
  assert.equal((await askFrom(lectern, ip, "/api/v1/challenge")).status, 200);
  await otherIsUntouched(lectern);

  for (const by of ["hls", "flv", "ws", "rtmp"] as const) {
    assert.equal((await watch(t, lectern, by, "math", { ip })).answer, "challenge-required", by);
    const query = signLink({ app: "live", name: "math", expires: Math.floor(Date.now() / 1000) + 3600 }, SECRET);
    const linked = await watch(t, lectern, by, "math", { ip, query });
    assert.equal(linked.answer, "in", by);
    linked.leave();
    const other = await watch(t, lectern, by, "math", { ip: OTHER });
    assert.equal(other.answer, "in", by);
    other.leave();
  }
  assert.deepEqual(
    countermeasuresOf(lectern, ip).map(({ measure }) => measure),
    ["slow", "challenge", "refuse"],
  );
  assert.ok((await lectern.metric('lectern_blocked_addresses{measure="refuse",trial="false"}')) >= 1);
});

test("who has a clearance, or a credential that was right, is let through at a refused address", async () => {
  const lectern = await liveServer();
  const ip = "127.0.0.4";
  // The workers see the key before.
  for (let i = 0; i < 20; i++) assert.equal((await askFrom(lectern, ip, "/api/v1/streams", asOperator)).status, 200);
  await scan(lectern, ip, "refuse");
  await untilAnswered(lectern, ip, "/api/v1/streams", 429);

  const known = await askFrom(lectern, ip, "/api/v1/streams", asOperator);
  assert.equal(known.status, 200);
  const path = "/api/v1/lessons/no-such-code/join";
  const joined = await askFrom(lectern, ip, path, { ...JOIN, headers: cleared(ip) });
  assert.equal(joined.status, 404);
  assert.ok(joined.ms < SLOW_MS, `${joined.ms} ms`);
  assert.equal((await askFrom(lectern, ip, "/live/math.m3u8", { headers: cleared(ip) })).status, 200);
  for (const headers of [cleared(OTHER), cleared(ip, Date.now() - 7_200_000), { cookie: `${CLEARANCE_COOKIE}=forged` }])
    assert.equal((await askFrom(lectern, ip, path, { ...JOIN, headers })).status, 429);

  // A wrong one is tried, slowly, a few times.
  const tries = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      askFrom(lectern, ip, "/api/v1/me", { headers: { authorization: `Bearer wrong-${i}`, connection: "close" } }),
    ),
  );
  for (const { status, ms } of tries) if (status === 401) assert.ok(ms >= SLOW_MS, `${ms} ms`);
  await until(async () => {
    const answer = await askFrom(lectern, ip, "/api/v1/me", { headers: { authorization: `Bearer wrong-${Math.random()}` } });
    return answer.status === 429;
  }, "the end of the tries");
  assert.equal((await askFrom(lectern, ip, "/api/v1/streams", asOperator)).status, 200);
});

test("the path of the control process decides, however it is written", async () => {
  const lectern = await liveServer();
  const ip = "127.0.0.5";
  await scan(lectern, ip, "refuse");
  await untilAnswered(lectern, ip, HELD, 429);
  for (const path of ["/%61pi/v1/invitations/none", "/api%2fv1/invitations/none", `http://127.0.0.1/api/v1/invitations/none`])
    assert.equal((await askFrom(lectern, ip, path)).status, 429, path);
});

const ABUSES: Readonly<Record<string, (lectern: Lectern, ip: string, turn: number) => Promise<unknown>>> = {
  "guesses passwords": async (lectern, ip, turn) =>
    await Promise.all(
      Array.from({ length: 5 }, (_, i) =>
        askOnce(lectern, ip, "/api/v1/sessions", { method: "POST", body: { login: `user-${i}`, password: `guess-${turn}` } }),
      ),
    ),
  "opens connections and sends nothing by HTTP": async ({ httpPort }, ip) =>
    await Promise.all(Array.from({ length: 50 }, async () => (await connectionFrom(ip, httpPort)).destroy())),
  "opens connections and sends nothing by RTMP": async ({ rtmpPort }, ip) =>
    await Promise.all(Array.from({ length: 50 }, async () => (await connectionFrom(ip, rtmpPort)).destroy())),
  "sends half requests": async ({ httpPort }, ip) =>
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        const socket = await connectionFrom(ip, httpPort);
        socket.write("GET /live/math.flv HTTP/1.1\r\nHo", () => socket.end());
        socket.resume();
        await once(socket, "close");
      }),
    ),
  "sends garbage by HTTP": async ({ httpPort }, ip) => {
    const socket = await connectionFrom(ip, httpPort);
    socket.resume().write("\0\x01garbage\r\n\r\n");
    await once(socket, "close");
  },
  "sends garbage by RTMP": async ({ rtmpPort }, ip) => {
    const socket = await connectionFrom(ip, rtmpPort);
    socket.resume().write(Buffer.alloc(2000, 9));
    await once(socket, "close");
  },
  "uses a tool for attacks": async (lectern, ip) =>
    await askOnce(lectern, ip, HELD, { headers: { "user-agent": "sqlmap/1.7 (https://sqlmap.org)" } }),
  "looks for streams": async (lectern, ip, turn) =>
    await Promise.all(Array.from({ length: 10 }, (_, i) => askOnce(lectern, ip, `/live/a${turn}x${i}.m3u8`))),
};

test("every kind of abuse is noticed within seconds, and told of once", async () => {
  const lectern = await liveServer();
  for (const [i, [what, act]] of Object.entries(ABUSES).entries()) {
    const ip = `127.0.1.${i + 1}`;
    const seconds = await abuse(lectern, ip, "slow", (turn) => act(lectern, ip, turn).catch(() => null));
    assert.ok(seconds < 60, `${what}: ${seconds} s`);
    const told = countermeasuresOf(lectern, ip).map(({ measure }) => measure);
    assert.deepEqual(told, [...new Set(told)], what);
  }
  await otherIsUntouched(lectern);
});

test("a worker that was killed knows the measures when it is back, and they go on while the control process is down", async (t) => {
  const lectern = await startLectern(t, SETTINGS);
  const ip = "127.0.0.6";
  await scan(lectern, ip, "refuse");
  await untilAnswered(lectern, ip, HELD, 429);
  for (const worker of ["media-1", "media-2"]) {
    process.kill(pidOf(lectern, worker), "SIGKILL");
    await until(
      () => lectern.said().split(`"process":"${worker}"`).length > 1 && pidIsBack(lectern, worker),
      `${worker} to be back`,
    );
  }
  await until(async () => {
    const answer = await askFrom(lectern, ip, "/healthz");
    return answer.status === 200;
  }, "the workers");
  for (let i = 0; i < 20; i++) assert.equal((await askFrom(lectern, ip, HELD)).status, 429);

  process.kill(pidOf(lectern, "control"), "SIGKILL");
  for (let i = 0; i < 20; i++) assert.equal((await askFrom(lectern, ip, HELD)).status, 429);
  await abuse(lectern, "127.0.0.7", "slow", async () => {
    const socket = await connectionFrom("127.0.0.7", lectern.httpPort);
    socket.resume().write("\0\x01garbage\r\n\r\n");
    await once(socket, "close");
  });
});

function pidIsBack(lectern: Lectern, worker: string): boolean {
  try {
    return pidOf(lectern, worker) > 0;
  } catch {
    return false;
  }
}

test("a measure ends by itself, at once by an operator, and by the configuration", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-clock-"));
  const clock = join(directory, "clock");
  const file = join(directory, "lectern.yaml");
  writeFileSync(clock, "+0");
  writeFileSync(file, "protection: { mode: enforce }\n");
  const { FAKETIME, ...library } = shiftedClock("+0");
  const env = { ...library, FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_CACHE_DURATION: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" };
  assert.equal(FAKETIME, "+0");
  const lectern = await startLectern(t, SETTINGS, { args: ["--config", file], env });
  const [patient, released, last] = ["127.0.0.8", "127.0.0.9", "127.0.0.10"];
  const path = HELD;
  for (const ip of [patient, released, last]) {
    await scan(lectern, ip, "refuse");
    await untilAnswered(lectern, ip, path, 429);
  }
  const body = JSON.stringify({ address: released, seconds: 60 });
  const response = await fetch(`${lectern.http}/api/v1/protection/releases`, {
    method: "POST",
    body,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
  });
  assert.equal(response.status, 202, await response.text());
  await untilAnswered(lectern, released, path, 404);
  await untilAnswered(lectern, last, path, 429);

  writeFileSync(clock, "+11m");
  await until(
    () => lectern.said().includes(`"ip":"${patient}","measure":"refuse","msg":"countermeasure against address ended"`),
    "its end",
  );
  await untilAnswered(lectern, patient, path, 404);

  writeFileSync(file, "protection: { mode: watch }\n");
  lectern.process.kill("SIGHUP");
  await untilAnswered(lectern, last, path, 404);
});
