/** Publishing through a TURN server, coturn, with the credentials that the answer to an offer has. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { freePort, startLectern, until } from "./lectern.ts";
import { rtpPublisher, sendFile, whenConnected } from "./rtp-publisher.ts";

const SECRET = "shared with coturn";
/** coturn refuses peers on the loopback. */
const ADDRESS = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** `username="…"` of a link of RFC 9725 section 4.6. */
function partOf(link: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(link)?.[1] ?? "";
}

test("a publisher that reaches only the TURN server is live", { skip: !ADDRESS }, async (t) => {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "lectern-turn-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const coturn = spawn(
    "turnserver",
    [
      ...["-n", "--listening-ip", "127.0.0.1", "--relay-ip", ADDRESS ?? "", "--listening-port", String(port)],
      ...[
        "--use-auth-secret",
        "--static-auth-secret",
        SECRET,
        "--realm",
        "school.example",
        "--fingerprint",
        "--no-tls",
        "--no-dtls",
      ],
      ...[
        "--no-cli",
        "--log-file",
        "stdout",
        "--simple-log",
        "--pidfile",
        join(directory, "pid"),
        "--userdb",
        join(directory, "db"),
      ],
    ],
    { cwd: directory, stdio: ["ignore", "pipe", "pipe"] },
  );
  t.after(() => coturn.kill("SIGKILL"));
  let said = "";
  for (const stream of [coturn.stdout, coturn.stderr]) stream.on("data", (bytes) => (said += bytes));
  await until(() => /listener opened/i.test(said), "coturn");

  const turn = `turn:127.0.0.1:${port}?transport=udp`;
  const lectern = await startLectern(t, { "webrtc.turn.urls": JSON.stringify([turn]), "webrtc.turn.secret": SECRET });
  const url = `${lectern.http}/live/turned/whip`;
  // A browser learns the servers by the answer, and adds them to its connection.
  const first = await rtpPublisher(t, { url });
  const [link = ""] = first.links;
  assert.match(link, new RegExp(`^<${turn.replace("?", "\\?")}>; rel="ice-server"`));
  await fetch(first.location ?? "", { method: "DELETE" });
  first.close();

  const [username, password] = [partOf(link, "username"), partOf(link, "credential")];
  const publisher = await rtpPublisher(t, { url, turn: { hostname: "127.0.0.1", port, username, password } });
  assert.equal(publisher.status, 201);
  await whenConnected(publisher);
  await sendFile(t, publisher, clip("numbered", 90));
  await lectern.stream("turned", ({ video }) => video !== null);
  assert.equal(publisher.localCandidate(), "relay");

  const wrong = { hostname: "127.0.0.1", port, username: `1:${username}`, password };
  const refused = await rtpPublisher(t, { url: `${lectern.http}/live/refused/whip`, turn: wrong });
  assert.equal(refused.candidates, 0, "credentials that are over give no relay");
});
