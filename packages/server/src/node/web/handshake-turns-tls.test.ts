/** Handshakes that wait, with real TLS: a message in pieces arrives whole, and a session is resumed. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, connect as connectPlain, createServer as createPlain, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { connect, createServer } from "node:tls";
import { makeCertificate } from "../../../../../e2e/certificate.ts";
import { HandshakeTurns } from "./handshake-turns.ts";

async function openServer(t: TestContext): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-handshakes-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const { cert, key } = makeCertificate(directory, "school");
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  const serve = server.listeners("connection");
  const turns = new HandshakeTurns({
    admits: () => true,
    begin: (socket) => {
      for (const listener of serve) Reflect.apply(listener, server, [socket]);
    },
    onEnd: () => {},
  });
  server.removeAllListeners("connection").on("connection", (socket: Socket) => turns.take(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

test("a first message that comes byte by byte, and what follows it, arrives whole", async (t) => {
  const port = await openServer(t);
  // A line that passes the first bytes of the client on one by one.
  const line = createPlain((client) => {
    const server = connectPlain({ port, host: "127.0.0.1", noDelay: true });
    client.on("error", () => {});
    server.on("error", () => {});
    client.once("data", async (hello: Buffer) => {
      client.pause();
      for (let at = 0; at < hello.length; at += 40) {
        await new Promise<void>((resolve) => void server.write(hello.subarray(at, at + 40), () => resolve()));
        await new Promise((resolve) => setImmediate(resolve));
      }
      client.pipe(server);
    });
    server.pipe(client);
  });
  line.listen(0, "127.0.0.1");
  await once(line, "listening");
  t.after(() => line.close());
  const client = connect({ port: (line.address() as AddressInfo).port, host: "127.0.0.1", rejectUnauthorized: false });
  t.after(() => client.destroy());
  await once(client, "secureConnect");
  client.write("said");
  const [answer]: Buffer[] = await once(client, "data");
  assert.equal(answer?.toString(), "said");
});

test("a client that comes again resumes its session", async (t) => {
  const to = { port: await openServer(t), host: "127.0.0.1", rejectUnauthorized: false };
  for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const) {
    const first = connect({ ...to, maxVersion });
    const [session]: Buffer[] = await once(first, "session");
    first.destroy();
    const again = connect({ ...to, maxVersion, ...(session ? { session } : {}) });
    await once(again, "secureConnect");
    assert.equal(again.isSessionReused(), true, maxVersion);
    again.destroy();
  }
});
