/** The command line: options, configuration, health, metrics, reload, drain, and error messages. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import WebSocket from "ws";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { ask, done, watch } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { MAIN } from "./program.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

/** A server with a secret, whose measurements are closed. */
const CLOSED = { "callbacks.secret": "s3cret-of-callbacks", "metrics.allow": "[]" };
const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;

function lectern(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { cwd: tmpdir() }, (error, out, said) => {
      resolve({ code: typeof error?.code === "number" ? error.code : 0, out, said });
    });
  });
}

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-cli-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test("wrong usage exits 2 with one line; help exits 0 and names every command", async () => {
  const wrong = await lectern("serv");
  assert.deepEqual([wrong.code, wrong.said.split("\n")[0]], [2, 'lectern: there is no command "serv"']);
  assert.equal((await lectern("serve", "--nonsense")).code, 2);
  assert.equal((await lectern("serve", "--set", "novalue")).code, 2);
  const help = await lectern("--help");
  assert.equal(help.code, 0);
  for (const command of ["serve", "doctor", "config check", "config show", "people", "sign"])
    assert.match(help.out, new RegExp(`lectern ${command}`));
});

test("config check shows every mistake with its line, and serve refuses to start with them", async (t) => {
  const file = join(folder(t), "lectern.yaml");
  writeFileSync(file, "http:\n  port: eighty\nviewr: {}\n");
  const { code, said } = await lectern("config", "check", file);
  assert.equal(code, 1);
  assert.match(said, /lectern.yaml:2: http.port/);
  assert.match(said, /lectern.yaml:3: there is no key "viewr"/);
  assert.equal((await lectern("serve", "--config", file)).code, 1);
  writeFileSync(file, "http: { port: 8081 }\n");
  assert.equal((await lectern("config", "check", file)).code, 0);
});

test("people, lessons, streams, keys and the configuration of a running server are printed, as tables and as JSON, without secrets", async (t) => {
  const server = await sharedLectern(CLOSED);
  const school = await done(server, "POST", "/schools", { name: "North", slug: "north" });
  await done(server, "POST", "/users", { schoolId: school.id, login: "anna", name: "Anna Li", role: "teacher" });
  const lesson = await done(server, "POST", "/lessons", { schoolId: school.id, title: "Fractions" });
  const run = (...args: string[]) => lectern(...args, "--data", server.directory);
  const people = await run("people", "anna");
  assert.match(people.out, /^ID +LOGIN +NAME[^\n]*\n\S+ +anna +Anna Li +teacher/);
  const { out } = await run("lessons", "--json");
  const listed = JSON.parse(out);
  assert.deepEqual([listed[0].title, listed[0].stream.name], ["Fractions", lesson.stream.name]);
  assert.ok(!out.includes(lesson.stream.publishKey));
  assert.deepEqual(JSON.parse((await run("streams", "--json")).out), []);
  assert.match((await run("keys")).out, /^ID +NAME/);
  const shown = await run("config", "show", "--json");
  assert.equal(JSON.parse(shown.out).callbacks.secret, "***");
  assert.equal(JSON.parse(shown.out).dataDir, server.directory);
  const absent = await lectern("people", "--data", folder(t));
  assert.deepEqual([absent.code, absent.said.startsWith("lectern: no server runs with")], [1, true]);
});

long("a port that is taken is said in one line", async (t) => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  t.after(() => other.close());
  const address = other.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const { code, said } = await lectern("serve", "--http-port", port, "--set", "http.host=127.0.0.1", "--data", folder(t));
  assert.equal(code, 1);
  assert.match(said, new RegExp(`port ${port} is in use by another program`));
  assert.ok(!said.includes("    at "), "no stack for a person's mistake");
});

long("a data folder that cannot be one, and options that are out of range, are said in one line with what to do", async (t) => {
  const file = join(folder(t), "file");
  writeFileSync(file, "");
  const refused: readonly [readonly string[], RegExp][] = [
    [["--data", file], /^lectern: \S+ is a file; choose a folder for the data with --data or dataDir$/],
    [["--data", "/sys/kernel/lectern"], /^lectern: \/sys\/kernel\/lectern cannot be written by the user .*--data$/],
    [["--data", folder(t), "--http-port", "99999"], /^--http-port: /],
    [["--data", folder(t), "--set", "database.url=mysql://x"], /^lectern: database.url is not an address such as postgres:/],
  ];
  await Promise.all(
    refused.map(async ([options, words]) => {
      const { code, said } = await lectern("serve", "--http-port", "0", "--rtmp-port", "0", ...options);
      const lines = said
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("{") && !line.startsWith("lectern: starting"));
      assert.equal(code, 1);
      assert.equal(lines.length, 1, said);
      assert.match(lines[0] ?? "", words);
    }),
  );
});

long("doctor looks at ffmpeg, ports, disk and kernel, and prints how to fix what is bad", async (t) => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  t.after(() => other.close());
  const address = other.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const { code, out } = await lectern(
    "doctor",
    "--http-port",
    port,
    "--rtmp-port",
    "0",
    "--set",
    "http.host=127.0.0.1",
    "--data",
    folder(t),
  );
  assert.equal(code, 1);
  assert.match(out, new RegExp(`BAD +port ${port} \\(http.port\\) cannot be opened`));
  assert.match(out, /ok +ffmpeg version \d/);
  assert.match(out, /tcp_notsent_lowat/);
});

test("health, metrics with the contract's names, and the API only with the token", async () => {
  const server = await sharedLectern();
  assert.equal((await fetch(`${server.http}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.http}/readyz`)).status, 200);
  const metrics = await (await fetch(`${server.http}/metrics`)).text();
  for (const name of [
    "lectern_streams",
    "lectern_viewers",
    "lectern_received_bytes_total",
    "lectern_sent_bytes_total",
    "lectern_joins_total",
    "lectern_join_seconds",
    "lectern_skipped_gops_total",
    "lectern_evicted_viewers_total",
    "lectern_refused_total",
    "lectern_uplink_fps",
    "lectern_uplink_dropped_frames_total",
    "lectern_event_loop_hold_seconds",
    "process_cpu_seconds_total",
  ]) {
    assert.match(metrics, new RegExp(`# TYPE ${name} `), name);
  }
  const closed = await fetch(`${server.http}/api/v1/streams`);
  assert.deepEqual([closed.status, ((await closed.json()) as { code: string }).code], [401, "not-signed-in"]);
  const wrong = await fetch(`${server.http}/api/v1/streams`, { headers: { authorization: "Bearer wrong" } });
  assert.equal(((await wrong.json()) as { code: string }).code, "bad-credential");
  assert.deepEqual(await (await server.api("/api/v1/streams")).json(), { items: [], nextCursor: null });
  assert.equal((await server.api("/api/v1/streams?limit=0")).status, 400);
  assert.equal((await server.api("/api/v1/streams/live/nobody", { method: "DELETE" })).status, 404);
  assert.equal((await fetch(`${server.http}/no/such/page`)).status, 404);
  const strict = await sharedLectern(CLOSED);
  assert.equal((await fetch(`${strict.http}/metrics`)).status, 401);
  assert.equal((await strict.api("/metrics")).status, 200);
});

test("a live stream is reported as it is, in pages", async () => {
  const server = await sharedLectern();
  for (const name of ["b", "a", "c"]) {
    const client = await RtmpClient.open(server.rtmpPort);
    await client.publish(name);
    for (const tag of readTags(CLIP)) client.tag(tag);
  }
  const stream = await server.stream("a", (report) => report.video !== null && report.audio !== null);
  assert.equal(stream.video?.codec, "h264");
  assert.deepEqual([stream.video?.width, stream.video?.height], [320, 180]);
  assert.deepEqual([stream.audio?.codec, stream.audio?.sampleRate, stream.audio?.channels], ["opus", 48000, 1]);
  assert.equal(stream.publisher?.agent, "test");
  await server.stream("c");
  type Page = { items: { name: string }[]; nextCursor: string | null };
  const first = (await (await server.api("/api/v1/streams?limit=2")).json()) as Page;
  assert.deepEqual(
    first.items.map((item) => item.name),
    ["a", "b"],
  );
  const second = (await (
    await server.api(`/api/v1/streams?limit=2&cursor=${encodeURIComponent(first.nextCursor!)}`)
  ).json()) as Page;
  assert.deepEqual([second.items.map((item) => item.name), second.nextCursor], [["c"], null]);
  assert.equal((await server.api("/api/v1/streams/live/a", { method: "DELETE" })).status, 204);
  await until(async () => (await server.metric("lectern_streams")) === 2, "the stream's end");
});

long(
  "SIGHUP reads the configuration again; wrong ones leave the old one in place, and what needs a restart is named",
  async (t) => {
    const file = join(folder(t), "lectern.yaml");
    writeFileSync(file, "apps: [live]\n");
    const server = await startLectern(t, {}, { args: ["--config", file] });
    const reload = async (text: string, answer: RegExp) => {
      writeFileSync(file, text);
      server.process.kill("SIGHUP");
      await until(() => answer.test(server.said()), `${answer}`);
    };
    await reload("apps: [live, class]\nrtmp: { chunkSize: 4096 }\n", /"needRestart":\["rtmp"\]/);
    const client = await RtmpClient.open(server.rtmpPort, "class");
    assert.equal(await client.publish("math"), "NetStream.Publish.Start");
    await reload("apps: 7\n", /"level":[45]0.*apps/);
    assert.equal((await fetch(`${server.http}/healthz`)).status, 200);
  },
);

test("SIGTERM drains: publishers and viewers of every protocol are told, and the exit code is 0", async (t) => {
  const server = await startLectern(t);
  const client = await RtmpClient.open(server.rtmpPort);
  await client.publish("math");
  for (const tag of readTags(CLIP)) client.tag(tag);
  await server.stream("math", (report) => report.video !== null);
  const flv = fetch(`${server.http}/live/math.flv`).then((response) => response.arrayBuffer());
  const ws = new WebSocket(`${server.http.replace("http", "ws")}/live/math.flv`);
  const wsClosed = new Promise<string>((resolve) => ws.on("close", (_code, reason) => resolve(reason.toString())));
  const player = await RtmpClient.open(server.rtmpPort);
  await player.play("math");
  await server.stream("math", (report) => report.viewers.total === 3);
  const begun = performance.now();
  const code = await server.stop();
  assert.equal(code, 0);
  assert.ok(performance.now() - begun < 30_000, "nobody is waited for who does not leave");
  assert.ok((await flv).byteLength > 10_000);
  assert.equal(await wsClosed, "draining");
  assert.match((await client.status()).description, /^draining/);
  assert.match((await player.status()).description, /^draining/);
  await until(() => /"publishers":1,"viewers":3/.test(server.said()), "the line in the log");
});

long("--demo publishes a lesson, and prints where to watch and how to push", async () => {
  const server = await sharedLectern({ "publish.allow": "keys" }, { args: ["--demo"] });
  const lines = await until(() => /watch: (\S+)\npush: (\S+)\nkey: (\S+)/.exec(server.said()), "the printed lines");
  const [, watch = "", push = "", key = ""] = lines;
  assert.equal((await fetch(watch)).status, 200);
  const stream = await server.stream("demo", (report) => report.video !== null && report.audio !== null);
  assert.deepEqual([stream.video?.codec, stream.audio?.codec], ["h264", "aac"]);
  const client = await RtmpClient.open(Number(new URL(push.replace("rtmp", "http")).port));
  assert.equal(await client.publish(`mine?key=${key}`), "NetStream.Publish.Start");
});

test("--demo is a school with a timetable and a lesson that is on, which anybody may join", async () => {
  const server = await sharedLectern({ "publish.allow": "keys" }, { args: ["--demo"] });
  const lines = await until(
    () => /class: (\S+)\nexam: (\S+)\nstudio: (\S+)\nconsole: (\S+)\nteacher: (\S+)\nteacher password: (\S+)/.exec(server.said()),
    "the lines",
  );
  const [, classUrl = "", exam = "", studio = "", console_ = "", login = "", password = ""] = lines;
  for (const url of [classUrl, studio, console_]) assert.equal((await fetch(url)).status, 200, url);
  assert.match(server.said(), /no QR code: phones cannot reach this server: it listens at 127\.0\.0\.1 only/);
  const lessonId = studio.split("/").at(-1);
  const session = await ask(server, "POST", "/sessions", { login, password }, null);
  assert.equal(session.status, 201);
  const live = async () => (await ask(server, "GET", `/lessons/${lessonId}/stream`, undefined, session.body.token)).body.stream;
  await until(async () => (await live())?.video?.codec === "h264", "the lesson's picture");
  const joined = await done(server, "POST", `/lessons/${classUrl.split("/").at(-1)}/join`, { name: "Anna" });
  const watching = watch(joined.play.flv);
  await until(() => watching.bytes() > 10_000, "a guest's picture");
  watching.leave();
  const link = new URL(joined.play.flv).searchParams;
  const room = new WebSocket(
    `${server.http.replace("http", "ws")}/api/v1/rooms/${classUrl.split("/").at(-1)}/socket?${link}`,
    "lectern.room.v1",
  );
  let heard = "";
  room.onmessage = ({ data }) => (heard += data);
  await until(() => heard.includes("Welcome!") && heard.includes('"kind":"stroke"'), "a teacher who talks and writes");
  room.close();
  const entry = await done(server, "POST", `/exams/${exam.split("/").at(-1)}/attempts`, { name: "Anna" });
  assert.equal(entry.attempt.seat, 1, "a guest sits the examination");
  const { items } = await done(server, "GET", "/lessons?limit=100");
  assert.equal(items.length, 6);
  assert.equal((await done(server, "GET", "/schools")).items.length, 1);
});
