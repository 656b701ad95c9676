import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { listen, portOf } from "../platform/listen.ts";
import { dialNode, type HandshakeFailure, nodeServer } from "./node-tls.ts";

test("only a wrong secret is reported as one; a broken connection and another protocol are not", async (t) => {
  let report: (failure: HandshakeFailure) => void = () => {};
  const server = nodeServer(
    "the secret",
    (_protocol, socket) => socket.destroy(),
    (failure) => report(failure),
  );
  await listen(server, { host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  const address = { host: "127.0.0.1", port: portOf(server) };
  const next = () =>
    new Promise<HandshakeFailure>((resolve) => {
      report = resolve;
    });

  const wrong = next();
  dialNode(address, "another secret", "node-2", "link").on("error", () => {});
  assert.equal((await wrong).wrongSecret, true);

  const closed = next();
  const socket = connect(address.port, address.host);
  await once(socket, "connect");
  socket.destroy();
  assert.equal((await closed).wrongSecret, false);

  const http = next();
  connect(address.port, address.host)
    .on("error", () => {})
    .end("GET / HTTP/1.1\r\n\r\n");
  assert.deepEqual(await http, { wrongSecret: false, reason: "ERR_SSL_HTTP_REQUEST" });
});
