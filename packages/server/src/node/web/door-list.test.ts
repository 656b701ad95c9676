import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import WebSocket, { WebSocketServer } from "ws";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import type { Door } from "../../live/http/door.ts";
import { handshakeOf } from "../../live/http/media-request.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Clients } from "./clients.ts";
import { controlDoor } from "./control-door.ts";
import { DoorList } from "./door-list.ts";
import { Forwarder } from "./forwarder.ts";
import { WebServer } from "./web-server.ts";

/** A protocol of its own: `/echo/WORD` by HTTP, and words sent back by WebSocket. */
function echoDoor(): Door<string> {
  const webSockets = new WebSocketServer({ noServer: true });
  return {
    name: "echo",
    match: ({ address }) => (address.segments[0] === "echo" ? (address.segments[1] ?? "") : null),
    handle: ({ ip, address }, response, word) => {
      response.writeHead(200, { "content-type": "text/plain" });
      response.end(Buffer.from(`${word} ${address.query.get("again")} ${ip}`));
    },
    upgrade: (request, socket, head, word) => {
      const handshake = handshakeOf(request);
      if (!handshake) return;
      webSockets.handleUpgrade(handshake, socket, head, (webSocket) => {
        request.claimConnection();
        webSocket.on("message", (text: Buffer) => webSocket.send(`${word}: ${text}`));
      });
    },
    close: () => {
      for (const webSocket of webSockets.clients) webSocket.terminate();
    },
  };
}

const openToAll = { connections: 100, connectionsPerSecond: 100_000, requestsPerSecond: 1000 };

async function serve(t: { after: (end: () => unknown) => void }, doors: readonly Door[], limits = openToAll): Promise<number> {
  const clients = new Clients({ limits: new AddressLimits(() => limits), trustedProxies: [], isNode: () => false });
  const list = new DoorList(doors, clients);
  const { http } = loadConfig({ file: null, env: {}, set: [["http.host", "127.0.0.1"]] });
  const web = new WebServer(http, openLog("silent"), list);
  const port = await takePort("127.0.0.1", 0);
  await web.listen(port);
  t.after(async () => {
    list.close();
    await web.close(0);
  });
  return port;
}

/** A control process that answers everything, and handshakes below `/rooms/`. */
async function control(t: { after: (end: () => unknown) => void }): Promise<Server> {
  const server = createServer((request, response) => {
    response.writeHead(request.headers.upgrade ? 404 : 200, { "content-type": "text/plain" });
    response.end(`control ${request.url} for ${request.headers["x-lectern-address"]}`);
  });
  const webSockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!request.url?.startsWith("/rooms/")) {
      socket.end("HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\nnone");
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on("message", (text: Buffer) => webSocket.send(`control ${request.headers["x-lectern-address"]}: ${text}`));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const webSocket of webSockets.clients) webSocket.terminate();
    server.closeAllConnections();
    server.close();
  });
  return server;
}

function routeTo(server: Server): Door {
  const address = server.address();
  assert.ok(address && typeof address === "object");
  const { port } = address;
  return controlDoor(new Forwarder(), () => ({ name: "test", connect: () => connect(port, "127.0.0.1") }));
}

async function answerOf(webSocket: WebSocket, text: string): Promise<string> {
  if (webSocket.readyState !== webSocket.OPEN) await once(webSocket, "open");
  webSocket.send(text);
  const [answer]: Buffer[] = await once(webSocket, "message");
  return String(answer);
}

test("a door in the list answers its requests and its WebSocket handshakes, and nothing else changes", async (t) => {
  const port = await serve(t, [echoDoor(), routeTo(await control(t))]);
  const own = await fetch(`http://127.0.0.1:${port}/echo/hello?again=yes`);
  assert.equal(await own.text(), "hello yes 127.0.0.1");
  const other = await fetch(`http://127.0.0.1:${port}/api/v1/lessons?limit=1`);
  assert.equal(await other.text(), "control /api/v1/lessons?limit=1 for 127.0.0.1");
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/echo/word`);
  t.after(() => webSocket.terminate());
  assert.equal(await answerOf(webSocket, "hello"), "word: hello");
});

test("a handshake that no door takes is proxied to the control process, with the client's address", async (t) => {
  const port = await serve(t, [echoDoor(), routeTo(await control(t))]);
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/rooms/abc`);
  t.after(() => webSocket.terminate());
  assert.equal(await answerOf(webSocket, "hello"), "control 127.0.0.1: hello");
  assert.equal(await answerOf(webSocket, "again"), "control 127.0.0.1: again");
});

test("a handshake that the control process refuses is refused with its answer", async (t) => {
  const port = await serve(t, [routeTo(await control(t))]);
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/elsewhere`);
  const [, answer] = await once(webSocket, "unexpected-response");
  assert.equal(answer.statusCode, 404);
  let body = "";
  for await (const piece of answer) body += piece;
  assert.equal(body, "none");
});

test("without a control process requests and handshakes are refused with control-away", async (t) => {
  const away = controlDoor(new Forwarder(), () => ({ name: "none", connect: () => connect("/nowhere/control.sock") }));
  const port = await serve(t, [away]);
  const refused = await fetch(`http://127.0.0.1:${port}/console`);
  assert.equal(refused.status, 503);
  assert.match(await refused.text(), /"control-away"/);
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/console`);
  const [, answer] = await once(webSocket, "unexpected-response");
  assert.equal(answer.statusCode, 503);
});

test("a client above its limits is refused by every door, also in a handshake", async (t) => {
  const port = await serve(t, [echoDoor()], { ...openToAll, requestsPerSecond: 0 });
  assert.equal((await fetch(`http://127.0.0.1:${port}/echo/x`)).status, 429);
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/echo/x`);
  const [, answer] = await once(webSocket, "unexpected-response");
  assert.equal(answer.statusCode, 429);
});

test("a client that offers h2c is answered by HTTP/1.1", async (t) => {
  const port = await serve(t, [echoDoor()]);
  const socket = connect(port, "127.0.0.1");
  t.after(() => socket.destroy());
  socket.write("GET /echo/plain HTTP/1.1\r\nhost: x\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\n\r\n");
  const [answer]: Buffer[] = await once(socket, "data");
  assert.match(String(answer), /^HTTP\/1.1 200 OK/);
});

test("a request with a Host header that is no host is refused before any door is asked, also in a handshake", async (t) => {
  const port = await serve(t, [echoDoor(), routeTo(await control(t))]);
  const statusOf = async (host: string, more = "") => {
    const socket = connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    socket.write(`GET /echo/plain HTTP/1.1\r\nhost: ${host}\r\n${more}\r\n`);
    const [answer]: Buffer[] = await once(socket, "data");
    return Number(/^HTTP\/1.1 (\d{3})/.exec(String(answer))?.[1]);
  };
  const upgrade =
    "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  for (const host of ["[", "a b", "x:99999", "1.2.3.4.5", "a/b", "user@x"]) {
    assert.equal(await statusOf(host), 400, host);
    assert.equal(await statusOf(host, upgrade), 400, host);
  }
  for (const host of ["school.example:8080", "[::1]", "127.0.0.1", ""]) assert.equal(await statusOf(host), 200, host);
});

test("a request whose target is neither a path nor an address is refused", async (t) => {
  const port = await serve(t, [{ ...echoDoor(), match: () => "any" }]);
  const statusOf = async (method: string, target: string) => {
    const socket = connect(port, "127.0.0.1");
    t.after(() => socket.destroy());
    socket.write(`${method} ${target} HTTP/1.1\r\nhost: x\r\n\r\n`);
    const [bytes] = await once(socket, "data");
    return Number(/^HTTP\/1\.1 (\d+)/.exec(String(bytes))?.[1]);
  };
  assert.equal(await statusOf("GET", "*"), 400);
  assert.equal(await statusOf("OPTIONS", "*"), 200);
  assert.equal(await statusOf("GET", "http://x/echo"), 200);
  assert.equal(await statusOf("GET", "/echo"), 200);
});
