import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect, createServer as createHttp2Server } from "node:http2";
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type TestContext, test } from "node:test";
import { Registry } from "prom-client";
import WebSocket from "ws";
import { Refusal } from "../../platform/refusal.ts";
import { Http2Request, Http2Response } from "../http/http2-exchange.ts";
import { MediaRequest, type MediaResponse, type RawRequest } from "../http/media-request.ts";
import { sendRefusal } from "../http/responses.ts";
import { RoomDoor } from "./door.ts";
import { TestOwner } from "./test-owner.ts";

const CLIENT = { ip: "127.0.0.1", isTls: false, isSecure: false, isFromNode: false };

/** A door in front of an owner. A client is the participant that its query names. */
function openDoor(t: TestContext) {
  const owner = new TestOwner();
  const refused: string[] = [];
  const door = new RoomDoor({
    enter: async (code, { address }) => {
      const participant = address.query.get("viewer");
      if (code !== "ABCD") return new Refusal("no-such-lesson");
      const follow = (listener: (state: Readonly<Record<string, unknown>>) => void) => {
        listener({ state: "live" });
        return () => {};
      };
      return { room: "r", participant, isWithdrawn: () => null, follow };
    },
    ask: owner.ask,
    worker: "n/media-1",
    onRefused: (_code, _ip, { code }) => refused.push(code),
  });
  const claimed = new WeakSet<Duplex>();
  const serve = (raw: RawRequest, response: MediaResponse): void => {
    const request = new MediaRequest(raw, CLIENT, claimed);
    const match = door.match(request);
    if (match) door.handle(request, response, match);
    else sendRefusal(request, response, new Refusal("not-found"));
  };
  const http1 = createServer(serve);
  http1.on("upgrade", (raw, socket: Socket, head) => {
    const request = new MediaRequest(raw, CLIENT, claimed);
    const match = door.match(request);
    if (match) door.upgrade(request, socket, head, match);
  });
  const http2 = createHttp2Server();
  http2.on("stream", (stream, headers) =>
    serve(new Http2Request(stream, headers, stream.session!.socket as Socket), new Http2Response(stream)),
  );
  t.after(() => {
    door.close();
    http1.closeAllConnections();
    http1.close();
    http2.close();
  });
  return { owner, door, http1, http2, refused };
}

async function portOf(server: Pick<Server, "listen" | "address" | "once">): Promise<number> {
  server.listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => server.once("listening", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  return address.port;
}

test("server-sent events and actions pass by HTTP/2", async (t) => {
  const { http2, owner, door } = openDoor(t);
  const session = connect(`http://127.0.0.1:${await portOf(http2)}`);
  t.after(() => session.destroy());
  const events = session.request({ ":path": "/api/v1/rooms/ABCD/events?viewer=a" });
  const [head] = await once(events, "response");
  assert.deepEqual([head[":status"], head["content-type"]], [200, "text/event-stream"]);
  let text = "";
  events.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
  });
  const body = JSON.stringify({ id: "x1", kind: "chat", text: "by HTTP/2" });
  const post = session.request({ ":method": "POST", ":path": "/api/v1/rooms/ABCD/entries?viewer=b" });
  post.end(body);
  let answer = "";
  for await (const piece of post) answer += piece;
  assert.deepEqual(JSON.parse(answer), { id: "x1", seq: 1 });
  for (const update of owner.updates) door.take(update);
  while (!text.includes("by HTTP/2")) await once(events, "data");
  assert.match(text, /^id: e\.0\ndata: \{"you":\{"id":"a"/);
});

test("a door answers requests that are none of rooms' as other doors do", async (t) => {
  const { http1, refused } = openDoor(t);
  const url = `http://127.0.0.1:${await portOf(http1)}/api/v1/rooms`;
  const status = async (path: string, init: RequestInit = {}) => (await fetch(`${url}${path}`, init)).status;
  assert.equal(await status("/ABCD/socket"), 400);
  assert.equal(await status("/ABCD/other"), 404);
  assert.equal(await status("/ABCD/events", { method: "POST" }), 405);
  assert.equal(await status("/ABCD/entries", { method: "OPTIONS" }), 204);
  assert.equal(await status("/XXXX/events"), 404);
  assert.equal(await status("/ABCD/entries", { method: "POST", body: '{"id":"1","kind":"chat"}' }), 401);
  assert.equal(await status("/ABCD/entries?viewer=a", { method: "POST", body: "{" }), 400);
  assert.equal(await status("/ABCD/entries?viewer=a", { method: "POST", body: "x".repeat(17_000) }), 413);
  assert.deepEqual(refused, ["no-such-lesson"]);
});

test("a page of the board is answered, compressed where that is taken, to those who may enter", async (t) => {
  const { http1 } = openDoor(t);
  const url = `http://127.0.0.1:${await portOf(http1)}/api/v1/rooms`;
  for (const encoding of ["gzip", "identity"]) {
    const answer = await fetch(`${url}/ABCD/pages/1.1?viewer=a&after=0`, { headers: { "accept-encoding": encoding } });
    assert.deepEqual(await answer.json(), { page: "1.1", epoch: "e", seq: 0, operations: [] });
    assert.equal(answer.headers.get("content-encoding"), encoding === "gzip" ? "gzip" : null);
    assert.equal(answer.headers.get("access-control-allow-origin"), "*");
  }
  const status = async (path: string, init: RequestInit = {}) => (await fetch(`${url}${path}`, init)).status;
  assert.equal(await status("/ABCD/pages/1.2"), 404);
  assert.equal(await status("/ABCD/pages"), 404);
  assert.equal(await status("/ABCD/pages/1.1/x"), 404);
  assert.equal(await status("/ABCD/pages/1.1?after=x"), 400);
  assert.equal(await status("/ABCD/pages/1.1?after=e.0"), 200);
  assert.equal(await status("/ABCD/pages/1.1", { method: "POST" }), 405);
  assert.equal(await status("/XXXX/pages/1.1"), 404);
});

test("a viewer without a participant watches; when the server drains, sockets are told so", async (t) => {
  const { http1, door, owner } = openDoor(t);
  const socket = new WebSocket(`ws://127.0.0.1:${await portOf(http1)}/api/v1/rooms/ABCD/socket`, "lectern.room.v1");
  const messages: string[] = [];
  socket.on("message", (data) => messages.push(String(data)));
  await once(socket, "message");
  const { now, ...first } = JSON.parse(messages[0]!);
  assert.ok(Math.abs(now - Date.now()) < 60_000, "the first message tells the time");
  assert.deepEqual(first, {
    you: { id: "", name: "", role: "guest" },
    epoch: "e",
    seq: 0,
    snapshot: [],
    signals: [{ state: "live", kind: "state", key: "" }],
  });
  const registry = new Registry();
  door.metrics(registry);
  assert.match(await registry.metrics(), /^lectern_room_members 1$/m);
  socket.send('{"id":"1","kind":"chat"}');
  await once(socket, "message");
  assert.equal(JSON.parse(messages[1]!).acks[0].code, "not-signed-in");
  assert.equal(owner.ofKind("send").length, 0);
  door.close();
  const [code, reason] = await once(socket, "close");
  assert.deepEqual([code, String(reason)], [1001, "draining"]);
});
