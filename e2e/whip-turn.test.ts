/** Publishing through a TURN server, coturn, with the credentials that the answer to an offer has. Only with --all, or by name. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FAKE_DEVICES } from "./browser.ts";
import { sharedBrowser } from "./fixtures.ts";
import { freePort, startLectern, until } from "./lectern.ts";
import { rtpPublisher } from "./rtp-publisher.ts";
import { localCandidateOf, publishWhip, whipPage } from "./whip-page.ts";

const SECRET = "shared with coturn";
/** coturn refuses peers on the loopback. */
const ADDRESS = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

/** `username="…"` of a link of RFC 9725 section 4.6. */
function partOf(link: string, name: string): string {
  return new RegExp(`${name}="([^"]*)"`).exec(link)?.[1] ?? "";
}

/** Whether a server answers a binding request of STUN: RFC 8489 section 5. */
async function answers(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  const request = Buffer.concat([Buffer.from("000100002112a442", "hex"), Buffer.alloc(12, 1)]);
  const isAnswered = await new Promise<boolean>((resolve) => {
    socket.on("message", () => resolve(true));
    socket.on("error", () => resolve(false));
    socket.send(request, port, "127.0.0.1");
    setTimeout(() => resolve(false), 200);
  });
  socket.close();
  return isAnswered;
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
    { cwd: directory, stdio: "ignore" },
  );
  t.after(() => coturn.kill("SIGKILL"));
  await until(() => answers(port), "coturn");

  const turn = `turn:127.0.0.1:${port}?transport=udp`;
  const lectern = await startLectern(t, { "webrtc.turn.urls": JSON.stringify([turn]), "webrtc.turn.secret": SECRET });
  const url = `${lectern.http}/live/turned/whip`;
  // A browser learns the servers by the answer, and adds them to its connection.
  const first = await rtpPublisher(t, { url });
  const [link = ""] = first.links;
  assert.match(link, new RegExp(`^<${turn.replace("?", "\\?")}>; rel="ice-server"`));
  await fetch(first.location ?? "", { method: "DELETE" });
  first.close();

  const page = await whipPage(t, await sharedBrowser(FAKE_DEVICES));
  const [username, credential] = [partOf(link, "username"), partOf(link, "credential")];
  const published = await publishWhip(page, { url, turn: { urls: turn, username, credential } });
  assert.equal(published.status, 201);
  await lectern.stream("turned", ({ video }) => video !== null);
  assert.equal(await localCandidateOf(page), "relay");

  const over = { urls: turn, username: `1:${username}`, credential };
  await publishWhip(page, { url: `${lectern.http}/live/refused/whip`, turn: over });
  assert.equal(await localCandidateOf(page), null, "credentials that are over give no relay");
});
