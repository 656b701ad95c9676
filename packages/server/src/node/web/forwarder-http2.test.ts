/** Requests of HTTP/2 that HTTP/1.1 cannot carry on to the control process: each is refused, and the server goes on. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeCertificate } from "../../../../../e2e/certificate.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { loadConfig } from "../../platform/config/load.ts";
import { takePort } from "../../platform/listen.ts";
import { openLog } from "../../platform/log.ts";
import { Clients } from "./clients.ts";
import { controlDoor } from "./control-door.ts";
import { DoorList } from "./door-list.ts";
import { Forwarder } from "./forwarder.ts";
import { WebServer } from "./web-server.ts";

test("an address, a method or a host that cannot be passed on is refused with 400, and half bodies hold up nobody", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-http2-"));
  const { cert, key } = makeCertificate(directory, "localhost");
  let asked = 0;
  const control = createServer((request, response) => {
    request.resume();
    if (request.url === "/public") {
      asked++;
      response.writeHead(200, { "x-lectern-public": "60000", etag: '"a"', "content-type": "text/plain" });
    }
    request.on("end", () => response.end());
  });
  await once(control.listen(0, "127.0.0.1"), "listening");
  const address = control.address();
  assert.ok(address && typeof address === "object");
  const route = { name: "test", connect: () => connect(address.port, "127.0.0.1") };
  const limits = new AddressLimits(() => ({ connections: 1000, connectionsPerSecond: 100_000, requestsPerSecond: 1000 }));
  const clients = new Clients({ limits, trustedProxies: [], isNode: () => false });
  const list = new DoorList([controlDoor(new Forwarder(), () => route)], clients);
  const port = await takePort("127.0.0.1", 0);
  const tls = [
    ["http.host", "127.0.0.1"],
    ["http.tls", JSON.stringify({ cert, key, port })],
  ] as const;
  const { http } = loadConfig({ file: null, env: {}, set: tls.map(([name, value]): [string, string] => [name, value]) });
  const web = new WebServer(http, openLog("silent"), list);
  await web.listen(await takePort("127.0.0.1", 0));
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
  t.after(async () => {
    session.destroy();
    list.close();
    await web.close(0);
    control.closeAllConnections();
    control.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const statusOf = async (headers: Readonly<Record<string, string>>): Promise<number> => {
    const [answer] = await once(session.request(headers, { endStream: true }), "response");
    return answer[":status"];
  };
  for (let i = 0; i < 90; i++) session.request({ ":method": "POST", ":path": "/x" }).write("half");
  assert.equal(await statusOf({ ":path": "/x" }), 200);
  assert.equal(await statusOf({ ":path": "/é" }), 400);
  assert.equal(await statusOf({ ":path": "/x", ":authority": "[" }), 400);
  assert.equal(await statusOf({ ":method": "CONNECT", ":authority": "x:1" }), 400);
  assert.equal(await statusOf({ ":path": "/x" }), 200);
  // The first answer says that it is public; the second one is kept.
  for (let i = 0; i < 20; i++) assert.equal(await statusOf({ ":path": "/public" }), 200);
  assert.equal(await statusOf({ ":path": "/public", "if-none-match": '"a"' }), 304);
  assert.equal(asked, 2);
  const withBody = session.request({ ":method": "GET", ":path": "/public" }, { endStream: false });
  withBody.end("a body");
  await once(withBody, "response");
  assert.equal(asked, 3, "a request with a body is passed");
});
