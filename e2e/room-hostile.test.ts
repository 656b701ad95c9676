/** Hostile members of rooms: what they send is refused with a code or closes their own connection, and the class beside them notices nothing. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { type TestContext, test } from "node:test";
import WebSocket from "ws";
import { sharedLectern } from "./fixtures.ts";
import { type Lectern, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { type Entry, RoomClient } from "./room-client.ts";

type Person = { readonly address: string; readonly id: string };

const SUBPROTOCOL = "lectern.room.v1";

async function lessonOf(lectern: Lectern) {
  return await done(lectern, "POST", "/lessons", { title: "Maths" });
}

/** A guest, and the address of the room with the guest's link. */
async function guest(lectern: Lectern, code: string, name: string): Promise<Person> {
  const { viewer, play } = await done(lectern, "POST", `/lessons/${code}/join`, { name });
  const address = `${lectern.http.replace("http", "ws")}/api/v1/rooms/${code}/socket${new URL(play.hls).search}`;
  return { address, id: viewer };
}

async function enter(t: TestContext, { address }: Person): Promise<RoomClient> {
  const client = new RoomClient(() => address);
  t.after(() => client.close());
  await until(() => client.you !== null, "the room");
  return client;
}

/** A socket without ways: it sends what the test gives it. */
async function open(
  t: TestContext,
  { address }: Person,
): Promise<{ socket: WebSocket; acks: Entry[]; closed: Promise<unknown[]> }> {
  const socket = new WebSocket(address, SUBPROTOCOL);
  t.after(() => socket.terminate());
  const acks: Entry[] = [];
  socket.on("message", (data: Buffer) => acks.push(...(JSON.parse(String(data)).acks ?? [])));
  socket.on("error", () => {});
  const closed = once(socket, "close");
  closed.catch(() => {});
  await once(socket, "message");
  return { socket, acks, closed };
}

async function refusal(address: string): Promise<[status: number, code: string]> {
  const [, answer] = await once(new WebSocket(address, SUBPROTOCOL), "unexpected-response");
  let body = "";
  for await (const piece of answer) body += piece;
  return [answer.statusCode, JSON.parse(body).code];
}

test("messages that are too large, binary, no UTF-8 or no JSON close or refuse their sender only", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { code } = await lessonOf(lectern);
  const [anna, mallory] = [await guest(lectern, code, "Anna"), await guest(lectern, code, "Mallory")];
  const witness = await enter(t, anna);
  const large = await open(t, mallory);
  large.socket.send(JSON.stringify({ id: "1", kind: "chat", text: "x".repeat(20_000) }));
  assert.equal((await large.closed)[0], 1009);
  const binary = await open(t, mallory);
  binary.socket.send(Buffer.from('{"id":"1","kind":"chat","text":"x"}'), { binary: true });
  assert.equal((await binary.closed)[0], 1003);
  const broken = await open(t, mallory);
  broken.socket.send(Buffer.from([0xff, 0xfe, 0x41]), { binary: false });
  assert.equal((await broken.closed)[0], 1007);
  const talker = await open(t, mallory);
  const deep = `${'{"a":'.repeat(50)}1${"}".repeat(50)}`;
  const messages = [
    ...[
      "{",
      "null",
      "[]",
      "7",
      '""',
      '{"kind":"chat","text":"no id"}',
      '{"id":"","kind":"chat"}',
      `{"id":"${"x".repeat(65)}","kind":"chat"}`,
    ],
    ...[
      '{"id":"a","kind":"no-such-kind"}',
      '{"id":"b","kind":"__proto__"}',
      '{"id":"c","kind":"chat"}',
      `{"id":"d","kind":"chat","text":${deep}}`,
    ],
    ...['{"id":"e","kind":"chat","text":"x","from":"teacher","role":"staff"}', '{"id":"f","kind":"chat","text":"a\\u0000b"}'],
    ...['{"id":"g","kind":"chat","text":"\\ud800"}', '{"id":"h","kind":"chat","text":"","__proto__":{"role":"staff"}}'],
  ];
  for (const message of messages) talker.socket.send(message);
  await until(() => talker.acks.length === messages.length, "an answer to each");
  for (const [i, ack] of talker.acks.entries()) assert.ok("code" in ack, `${messages[i]} → ${JSON.stringify(ack)}`);
  assert.ok((await witness.send("chat", { text: "all is well" })).seq);
  await witness.saw(({ text }) => text === "all is well", "the own line");
  assert.deepEqual([witness.texts("chat"), witness.connections], [["all is well"], 1]);
});

test("a member cannot be another: forged senders, ids of others, links of another room or person", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const [maths, music] = [await lessonOf(lectern), await lessonOf(lectern)];
  const [anna, mallory] = [await guest(lectern, maths.code, "Anna"), await guest(lectern, maths.code, "Mallory")];
  const other = await guest(lectern, music.code, "Other");
  const query = (address: string) => new URL(address).search;
  const room = anna.address.replace(query(anna.address), "");
  assert.deepEqual(await refusal(room), [401, "not-signed-in"]);
  assert.deepEqual(await refusal(`${room}${query(other.address)}`), [401, "bad-signature"]);
  assert.deepEqual(await refusal(mallory.address.replace(mallory.id, anna.id)), [401, "bad-signature"]);
  const [witness, forger] = [await enter(t, anna), await enter(t, mallory)];
  const mine = await witness.send("chat", { text: "mine" }, "same");
  const theirs = await forger.send("chat", { text: "theirs" }, "same");
  assert.ok(mine.seq && theirs.seq && mine.seq !== theirs.seq);
  for (const kind of ["announcement", "settings", "moderation", "quiz", "signin", "timer", "pick", "star", "dice", "order"]) {
    const bodies: Record<string, object> = {
      announcement: { action: "post", text: "x" },
      settings: { chat: "off" },
      moderation: { action: "mute", person: anna.id },
      quiz: { action: "open", type: "boolean", text: "x" },
      signin: { action: "open" },
      timer: { action: "start", seconds: 60 },
      pick: { action: "draw" },
      star: { action: "give", person: mallory.id },
      dice: { action: "roll" },
      order: { action: "draw" },
    };
    const ack = await forger.send(kind, { ...bodies[kind] });
    assert.equal(ack.code, "refused-by-rule", `${kind}: ${JSON.stringify(ack)}`);
  }
  await witness.saw(({ text }) => text === "theirs", "the other's line");
  const lines = witness.entries.filter(({ kind }) => kind === "chat").map(({ from, name, text }) => [from, name, text]);
  assert.deepEqual(lines, [
    [anna.id, "Anna", "mine"],
    [mallory.id, "Mallory", "theirs"],
  ]);
});

test("text with overrides of direction or HTML reaches others as plain text", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { code } = await lessonOf(lectern);
  const [witness, mallory] = [
    await enter(t, await guest(lectern, code, "Anna")),
    await enter(t, await guest(lectern, code, "Mallory")),
  ];
  const html = '<img src=x onerror="alert(1)"></script>';
  assert.ok((await mallory.send("chat", { text: html })).seq);
  await witness.saw(({ text }) => text === html, "the text as it is");
  const ack = await mallory.send("chat", { text: "safe\u202etxt.exe\u2066\u0007" });
  assert.ok(ack.seq || ack.code);
  await witness.send("chat", { text: "end" });
  await witness.saw(({ text }) => text === "end", "the end");
  for (const text of witness.texts("chat")) assert.doesNotMatch(text, /\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
});

test("of fifty tabs of a person ten may enter; what the tabs send counts together, and one that goes on regardless is disconnected", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { code } = await lessonOf(lectern);
  const [anna, mallory] = [await guest(lectern, code, "Anna"), await guest(lectern, code, "Mallory")];
  const witness = await enter(t, anna);
  const results = await Promise.allSettled(
    Array.from({ length: 50 }, async () => {
      const socket = new WebSocket(mallory.address, SUBPROTOCOL);
      t.after(() => socket.terminate());
      const status = once(socket, "unexpected-response").then(([, { statusCode }]) => statusCode);
      return await Promise.race([once(socket, "open").then(() => socket), status]);
    }),
  );
  const values = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const tabs = values.filter((value) => value instanceof WebSocket);
  assert.deepEqual([tabs.length, values.filter((value) => value === 429).length], [10, 40]);
  const closes: number[] = [];
  for (const tab of tabs) tab.on("close", (closedBy) => closes.push(closedBy));
  for (let n = 0; n < 150; n++) for (const tab of tabs) tab.send(JSON.stringify({ id: `${n}`, kind: "chat", text: `spam ${n}` }));
  await until(() => closes.length === 10, "the tabs to be closed");
  assert.ok(closes.every((closedBy) => closedBy === 1008));
  assert.ok((await witness.send("chat", { text: "end" })).seq);
  await witness.saw(({ text }) => text === "end", "the end");
  assert.ok(witness.texts("chat").length <= 32, `${witness.texts("chat").length} lines`);
  assert.equal(witness.connections, 1);
});

test("a thousand handshakes within a second, with links and without, disturb no class beside them", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { code } = await lessonOf(lectern);
  const [anna, mallory] = [await guest(lectern, code, "Anna"), await guest(lectern, code, "Mallory")];
  const witness = await enter(t, anna);
  const { host, pathname, search, port, hostname } = new URL(mallory.address);
  const statuses = new Map<string, number>();
  const shake = (path: string): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), hostname);
      const head = [
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ];
      socket.on("connect", () => socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${head.join("\r\n")}\r\n\r\n`));
      socket.on("data", (bytes: Buffer) => {
        const status = bytes.toString("latin1", 9, 12);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve());
    });
  const storm = Array.from({ length: 1000 }, (_, n) =>
    shake(n % 2 ? `${pathname}${search}` : `${pathname}?sign=0&expires=9999999999&viewer=x`),
  );
  const lines = Array.from({ length: 10 }, (_, n) => witness.send("chat", { text: `line ${n}` }));
  const acks = await Promise.all(lines);
  await Promise.all(storm);
  t.diagnostic(JSON.stringify([...statuses]));
  for (const [status] of statuses) assert.ok(["101", "401", "429", "503"].includes(status), status);
  assert.ok(acks.every(({ seq }) => seq));
  await witness.saw(({ text }) => text === "line 9", "the last line");
  assert.deepEqual([witness.connections, witness.faults], [1, []]);
});

test("server-sent events and POST serve those where WebSockets do not pass, with the same limits", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { code } = await lessonOf(lectern);
  const [anna, bob] = [await guest(lectern, code, "Anna"), await guest(lectern, code, "Bob")];
  const witness = await enter(t, anna);
  const http = (way: string) => bob.address.replace("ws:", "http:").replace("/socket?", `/${way}?`);
  const abort = new AbortController();
  t.after(() => abort.abort());
  const read = async (headers: Record<string, string>) => {
    const response = await fetch(http("events"), { headers, signal: abort.signal });
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, "text/event-stream"]);
    const text: string[] = [];
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    void (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) text.push(next.value);
    })().catch(() => {});
    return () => text.join("");
  };
  const events = await read({});
  await until(() => events().includes('"you":'), "the first event");
  const post = (body: string) => fetch(http("entries"), { method: "POST", body });
  const stored = await post(JSON.stringify({ id: "p1", kind: "chat", text: "by POST" }));
  const ack: Entry = await stored.json();
  assert.deepEqual([stored.status, ack.id], [200, "p1"]);
  const repeated: Entry = await (await post(JSON.stringify({ id: "p1", kind: "chat", text: "by POST" }))).json();
  assert.equal(repeated.seq, ack.seq);
  await witness.saw(({ text }) => text === "by POST", "the line");
  await until(() => events().includes("by POST"), "the event");
  const [id] = /id: \S+(?=\ndata: [^\n]*by POST)/.exec(events()) ?? [];
  assert.ok(id);
  await witness.send("chat", { text: "meanwhile" });
  const resumed = await read({ "last-event-id": id.slice(4) });
  await until(() => resumed().includes("meanwhile"), "what came meanwhile");
  assert.doesNotMatch(resumed(), /by POST/);
  assert.deepEqual([(await post("{")).status, (await post("x".repeat(20_000))).status], [400, 413]);
  assert.equal((await fetch(http("entries"))).status, 405);
  assert.equal((await fetch(http("events").replace(/\?.*/, ""))).status, 401);
});

test("what a group writes reaches its people by every way, and others by none: socket, events, older lines, snapshots", async (t) => {
  const lectern = await sharedLectern({ workers: "1" });
  const { id, code } = await lessonOf(lectern);
  const [anna, bob, mallory] = [
    await guest(lectern, code, "Anna"),
    await guest(lectern, code, "Bob"),
    await guest(lectern, code, "Mallory"),
  ];
  const [annas, bobs, mallorys] = [await enter(t, anna), await enter(t, bob), await enter(t, mallory)];
  const act = (body: object) =>
    done(lectern, "POST", `/lessons/${id}/room/entries`, { id: `g${Math.random()}`, kind: "group", ...body });
  await act({ action: "divide", how: "empty", number: 2 });
  await act({ action: "move", people: [anna.id, bob.id], group: 1 });
  await act({ action: "move", people: [mallory.id], group: 2 });
  const secret = "only for us two";
  const events = new AbortController();
  t.after(() => events.abort());
  const eventsOf = async ({ address }: Person) => {
    const { body } = await fetch(address.replace("ws:", "http:").replace("/socket?", "/events?"), { signal: events.signal });
    const text: string[] = [];
    void (async () => {
      for await (const piece of body!.pipeThrough(new TextDecoderStream())) text.push(piece);
    })().catch(() => {});
    return () => text.join("");
  };
  const [bobsEvents, mallorysEvents] = [await eventsOf(bob), await eventsOf(mallory)];
  await annas.send("chat", { text: secret, to: "group" });
  await bobs.saw(({ text }) => text === secret, "the line by the socket");
  await until(() => bobsEvents().includes(secret), "the line by events");
  // What comes after it has come to Mallory: that it has not is no matter of time.
  await annas.send("chat", { text: "hello all" });
  await mallorys.saw(({ text }) => text === "hello all", "the line to everybody");
  await until(() => mallorysEvents().includes("hello all"), "the same by events");
  const forged = [
    ["chat", { text: "x", to: "group", group: 1 }, "refused-by-rule"],
    ["chat", { text: "x", to: "group", group: 2 }, "refused-by-rule"],
    ["chat", { text: "x", to: { members: [anna.id] } }, "bad-request"],
    ["group", { action: "divide", how: "number", number: 1 }, "refused-by-rule"],
    ["group", { action: "move", people: [mallory.id], group: 1 }, "refused-by-rule"],
    ["group", { action: "choose", group: 1 }, "refused-by-rule"],
    ["group", { action: "visit", group: 1 }, "refused-by-rule"],
    ["group", { action: "notice", seconds: 10 }, "refused-by-rule"],
    ["group", { action: "end" }, "refused-by-rule"],
    ["group-chat", { text: "x" }, "bad-request"],
  ] as const;
  for (const [kind, body, code] of forged) assert.equal((await mallorys.send(kind, body)).code, code, JSON.stringify(body));
  const ref = bobs.entries.find(({ text }) => text === secret).ref;
  assert.equal((await mallorys.send("chat", { text: "x", to: "group", replyTo: ref })).code, "not-found");
  // Again from the beginning, and after a cut, and once Mallory was moved into the group.
  const again = await enter(t, mallory);
  mallorys.cut();
  await until(() => mallorys.connections === 2, "the connection after the cut");
  await act({ action: "move", people: [mallory.id], group: 1 });
  await again.saw(({ key, people }) => key === "group/1" && people.length === 3, "the new group");
  await bobs.send("chat", { text: "hello Mallory", to: "group" });
  await again.saw(({ text }) => text === "hello Mallory", "what is said from then on");
  await mallorys.saw(({ text }) => text === "hello Mallory", "the same after the cut");
  const bobsAgain = await enter(t, bob);
  assert.ok(bobsAgain.texts("group-chat").includes(secret), "who returns has the lines of before");
  for (const client of [mallorys, again]) assert.doesNotMatch(JSON.stringify(client.entries), new RegExp(secret));
  assert.doesNotMatch(mallorysEvents(), new RegExp(secret));
  const joined = await done(lectern, "POST", `/lessons/${code}/join`, { name: "Eve" });
  const older = async (token: string) =>
    await (await fetch(`${lectern.http}/api/v1/lessons/${id}/room/entries?kind=group-chat&limit=100&token=${token}`)).text();
  assert.doesNotMatch(await older(joined.token), new RegExp(secret));
  const { items } = await done(lectern, "GET", `/lessons/${id}/room/entries?kind=group-chat&limit=100`);
  assert.deepEqual(
    items.map(({ text, to }: Entry) => [text, to]),
    [
      [secret, "group"],
      ["hello Mallory", "group"],
    ],
  );
});
