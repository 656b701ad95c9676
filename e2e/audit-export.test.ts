/** The audit log reaches a receiver of syslog: over TLS as RFC 5425 frames it, also when the receiver was unreachable, is slow, or is somebody else. Shares a process. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { ManualClock } from "../packages/server/src/platform/clock.ts";
import type { AuditSettings } from "../packages/server/src/platform/config/audit-schema.ts";
import { makeCheckpoints } from "../packages/server/src/school/foundation/audit/checkpoints.ts";
import { AuditExport } from "../packages/server/src/school/foundation/audit/export/audit-export.ts";
import { auditRow } from "../packages/server/src/school/foundation/store/audit-log.ts";
import { SYSTEM } from "../packages/server/src/school/foundation/store/requester.ts";
import { insertSchool, silentLog } from "../packages/server/src/school/foundation/store/test-database.ts";
import { BackgroundWork } from "../packages/server/src/school/foundation/work/background-work.ts";
import { workOnce } from "../packages/server/src/school/foundation/work/test-work.ts";
import { makeCertificate } from "./certificate.ts";
import { type Scope, until } from "./lectern.ts";
import { onEachDatabase } from "./school-databases.ts";

let directory = "";
let own = { cert: "", key: "" };
let other = { cert: "", key: "" };
before(() => {
  directory = mkdtempSync(join(tmpdir(), "lectern-syslog-"));
  own = makeCertificate(directory, "localhost");
  other = makeCertificate(directory, "other");
});
after(() => rmSync(directory, { recursive: true }));

type Receiver = {
  readonly messages: string[];
  /** What it does with a connection, besides reading it. */
  onConnection: (socket: Socket) => void;
  readonly port: () => number;
  readonly open: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Reads frames of octets, and fails where one is none. */
function openReceiver(t: Scope, transport: "tls" | "tcp" = "tls"): Receiver {
  let server: Server | null = null;
  let port = 0;
  const sockets = new Set<Socket>();
  const receive = (socket: Socket): void => {
    sockets.add(socket);
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let space = bytes.indexOf(" "); space > 0; space = bytes.indexOf(" ")) {
        const head = bytes.subarray(0, space).toString();
        assert.match(head, /^[1-9]\d*$/);
        const end = space + 1 + Number(head);
        if (bytes.length < end) return;
        receiver.messages.push(bytes.subarray(space + 1, end).toString());
        bytes = bytes.subarray(end);
      }
    });
    socket.on("error", () => {});
    receiver.onConnection(socket);
  };
  const receiver: Receiver = {
    messages: [],
    onConnection: () => {},
    port: () => port,
    open: async () => {
      const pair = { cert: readFileSync(own.cert), key: readFileSync(own.key) };
      server = transport === "tls" ? createTlsServer(pair, receive) : createServer(receive);
      server.listen(port);
      await once(server, "listening");
      ({ port } = server.address() as AddressInfo);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      if (server?.listening) await new Promise((resolve) => server?.close(resolve));
    },
  };
  t.after(receiver.close);
  return receiver;
}

const idsOf = (messages: readonly string[]) => messages.flatMap((message) => / id="([^"]+)"/.exec(message)?.[1] ?? []);
const settingsOf = (port: number, more: Partial<AuditSettings["syslog"]> = {}): AuditSettings["syslog"] => {
  return { url: `syslog+tls://localhost:${port}`, format: "rfc5424", ca: own.cert, cert: "", key: "", ...more };
};

onEachDatabase((_, openStore) => {
  /** A database, and how entries are written into it, come under a checkpoint and are exported. */
  async function scene(t: Scope) {
    const store = await openStore();
    t.after(() => store.close());
    const { db } = store;
    const school = await insertSchool(db);
    /** @returns the ids of the entries, in their order */
    const write = async (count: number, text = "王芳"): Promise<string[]> => {
      const rows = Array.from({ length: count }, (_, i) =>
        auditRow(SYSTEM.actor, {
          action: "user.change",
          schoolId: school.id,
          targetKind: "user",
          targetId: `${i}`,
          after: { text },
        }),
      );
      await db.insertInto("audit").values(rows).execute();
      await makeCheckpoints({ db, log: silentLog, secrets: () => ["a secret"] });
      return rows.map(({ id }) => id);
    };
    const exporter = (settings: () => AuditSettings["syslog"], now = Date.now) =>
      new AuditExport({ db, settings, isLeader: () => true, version: "1", now });
    const exportOnce = (settings: AuditSettings["syslog"]) => workOnce(exporter(() => settings).kind(), Date.now());
    return { db, school, write, exporter, exportOnce };
  }

  test("entries come in their order, each checkpoint behind its entries, and after a restart only what is new", async (t) => {
    const { school, write, exportOnce } = await scene(t);
    const receiver = openReceiver(t);
    await receiver.open();
    const first = await write(3);
    await exportOnce(settingsOf(receiver.port()));
    await until(() => receiver.messages.length >= 4, "the entries and their checkpoint");
    assert.deepEqual(idsOf(receiver.messages), [...first, `${school.id}.1`]);
    assert.match(
      receiver.messages[0] ?? "",
      /^<109>1 \S+ \S+ lectern - user\.change \[lectern@32473 .*"{\\"text\\":\\"王芳\\"}"\] \uFEFF/,
    );
    assert.match(receiver.messages[3] ?? "", /digest/);
    const second = await write(2);
    await exportOnce(settingsOf(receiver.port()));
    await exportOnce(settingsOf(receiver.port()));
    await until(() => receiver.messages.length >= 7, "what is new");
    assert.deepEqual(idsOf(receiver.messages).slice(4), [...second, `${school.id}.2`]);
  });

  test("a receiver that was unreachable for a minute gets everything, and what is late is told until then", async (t) => {
    const { school, write, exporter } = await scene(t);
    const receiver = openReceiver(t);
    await receiver.open();
    await receiver.close();
    const ids = await write(5);
    // The clock of a test begins in another year than the database's.
    const clock = new ManualClock(Date.now() - 1_700_000_000_000 + 1000);
    const work = new BackgroundWork({ log: silentLog, isLeader: () => true, clock });
    t.after(() => work.close());
    const one = exporter(() => settingsOf(receiver.port()), clock.utc);
    work.add(one.kind());
    work.start();
    await until(() => (one.component()?.detail ?? "").includes("ECONNREFUSED"), "a failed attempt");
    clock.advance(60_000);
    assert.ok((one.lagSeconds() ?? 0) >= 60);
    clock.advance(300_000);
    assert.equal(one.component()?.state, "degraded");
    await receiver.open();
    await until(() => {
      clock.advance(1000);
      return idsOf(receiver.messages).length === ids.length + 1;
    }, "what was kept");
    assert.deepEqual(idsOf(receiver.messages), [...ids, `${school.id}.1`]);
    await until(() => one.lagSeconds() === 0 && one.component()?.state === "up", "that nothing is late");
  });

  test("a receiver with another certificate, or for another host, gets nothing", async (t) => {
    const { write, exportOnce } = await scene(t);
    const receiver = openReceiver(t);
    await receiver.open();
    await write(1);
    const settings = settingsOf(receiver.port());
    await assert.rejects(exportOnce({ ...settings, ca: other.cert }), /self-signed certificate/);
    await assert.rejects(exportOnce({ ...settings, ca: "" }), /self-signed certificate/);
    await assert.rejects(exportOnce({ ...settings, url: `syslog+tls://127.0.0.1:${receiver.port()}` }), /altnames/);
    assert.deepEqual(receiver.messages, []);
    await exportOnce(settings);
    await until(() => receiver.messages.length >= 2, "the entry and its checkpoint");
    assert.equal(receiver.messages.length, 2);
  });

  test("a slow receiver gets everything once; one that breaks off gets the same again", async (t) => {
    const { write, exportOnce } = await scene(t);
    const receiver = openReceiver(t);
    await receiver.open();
    receiver.onConnection = (socket) => {
      let read = 0;
      socket.on("data", () => {
        if (++read > 20) return;
        socket.pause();
        setTimeout(() => socket.resume(), 10);
      });
    };
    const slow = await write(900, "x".repeat(900));
    await exportOnce(settingsOf(receiver.port()));
    assert.deepEqual(idsOf(receiver.messages).slice(0, -1), slow);
    receiver.messages.length = 0;
    const ids = await write(900, "x".repeat(900));
    receiver.onConnection = (socket) => socket.once("data", () => socket.destroy());
    await assert.rejects(exportOnce(settingsOf(receiver.port())));
    receiver.onConnection = () => {};
    receiver.messages.length = 0;
    await exportOnce(settingsOf(receiver.port()));
    assert.deepEqual(idsOf(receiver.messages).slice(0, -1), ids);
  });

  test("plain TCP and UDP carry the same messages, where the address asks for them", async (t) => {
    const { write, exportOnce } = await scene(t);
    const receiver = openReceiver(t, "tcp");
    await receiver.open();
    await write(1);
    await exportOnce(settingsOf(0, { url: `syslog+tcp://localhost:${receiver.port()}`, format: "json" }));
    assert.match(receiver.messages[0] ?? "", /lectern - user\.change - \{"id":.*"text":"\\u738b\\u82b3"/);
    const datagrams = createSocket("udp4");
    t.after(() => datagrams.close());
    const heard: string[] = [];
    datagrams.on("message", (bytes) => heard.push(bytes.toString()));
    datagrams.bind(0, "127.0.0.1");
    await once(datagrams, "listening");
    await write(1);
    await exportOnce(settingsOf(0, { url: `syslog+udp://127.0.0.1:${datagrams.address().port}`, format: "cef" }));
    await until(() => heard.length === 2, "two datagrams");
    assert.match(heard[0] ?? "", /^<109>1 .* - CEF:0\|Lectern\|/);
  });
});
