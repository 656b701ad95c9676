/**
 * Calls everything of the server that connects to an address which people have entered, with names whose addresses change between two questions: public
 * first, of this machine and of the network then. Runs in a network of its own (`rebinding.test.ts`), where the public address is one of the machine's, too.
 * Prints which addresses were connected to, by call and name.
 */
import { createServer, type Socket } from "node:net";
import { postQuestion } from "../packages/server/src/access/back-end/post-question.ts";
import { httpGetWhole } from "../packages/server/src/live/pull/http-get.ts";
import { openSource } from "../packages/server/src/live/pull/open-source.ts";
import { addressOf } from "../packages/server/src/live/pull/source-address.ts";
import { connectRtmp } from "../packages/server/src/live/rtmp/client.ts";
import { systemClock } from "../packages/server/src/platform/clock.ts";
import { isPublicAddress } from "../packages/server/src/platform/public-address.ts";
import { postCheck } from "../packages/server/src/school/classroom/moderation/post-check.ts";
import { postGuarded } from "../packages/server/src/school/foundation/delivery/post-guarded.ts";
import { outboundFetch } from "../packages/server/src/school/people/sign-on/protocol/outbound-fetch.ts";
import { fetchList } from "../packages/server/src/school/streams/address-lists/fetch-list.ts";
import { startNameServer } from "./name-server.ts";

const [PUBLIC = "", PUBLIC_V6 = ""] = process.argv.slice(2);
const PORT = 8099;
const INNER = ["127.0.0.1", "169.254.169.254", "10.9.8.7", "::1", "fd00::7"];

/** The answers about the names that begin so, one after the other. */
const ANSWERS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  // The second question gets an address of this machine, or of the network: what was checked is not what is connected to.
  loopback: [[PUBLIC], ["127.0.0.1"]],
  metadata: [[PUBLIC], ["169.254.169.254"]],
  network: [[PUBLIC], ["10.9.8.7"]],
  six: [[PUBLIC_V6], ["::1"]],
  // Both at once, in either order, and of both kinds.
  both: [[PUBLIC, "127.0.0.1"]],
  turned: [["169.254.169.254", PUBLIC]],
  mixed: [[PUBLIC, "fd00::7"]],
  // An address of IPv4 within one of IPv6.
  mapped: [["0:0:0:0:0:ffff:7f00:1"]],
  translated: [["64:ff9b:0:0:0:0:a9fe:a9fe"]],
  // Never a public one.
  inner: [["127.0.0.1"]],
};

/** By address: what was connected to it, by the name in the request where it has one. */
const connected: string[] = [];
let current = "";

function listen(host: string): Promise<void> {
  const server = createServer((socket: Socket) => {
    connected.push(`${current} ${host}`);
    socket.on("error", () => {});
    socket.once("data", (bytes) => {
      const path = /^\w+ (\S+) HTTP/.exec(bytes.toString("latin1"))?.[1] ?? "";
      // Where a redirect leads is looked up again.
      const to = /^\/to\/(\S+)/.exec(path)?.[1];
      if (to) socket.end(`HTTP/1.1 302 Found\r\nlocation: http://${to}:${PORT}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      else socket.end("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    });
  });
  return new Promise((resolve) => server.listen({ host, port: PORT, ipv6Only: true }, resolve));
}

const within = (ms: number) => AbortSignal.timeout(ms);
const get = (url: string) =>
  httpGetWhole(new URL(url), { isAllowed: isPublicAddress, withinMs: 2000, signal: within(3000) }, 1000, 2000);
const list = (url: string) =>
  fetchList({ url, validators: { etag: null, lastModified: null } as never, allowPrivate: false, signal: within(3000) });

const context = {
  clock: systemClock,
  command: "ffmpeg",
  isAllowed: isPublicAddress,
  files: "",
  cameras: null as never,
  school: "s",
};
/** ffmpeg needs a while to begin, on a busy machine too. */
const PULL_MS = 8000;
const LOOK_MS = 20;

/** Opens a source until it has connected, or says why it does not. */
async function pull(url: string): Promise<void> {
  const before = connected.length;
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  const source = openSource(url, context, new Set(), {
    onMessage: () => {},
    onHeard: () => {},
    onEnd: end,
    onUnsupportedSound: end,
  } as never);
  for (let waited = 0; waited < PULL_MS && !isOver && connected.length === before; waited += LOOK_MS)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  source.close();
}

/** For a connection on this machine. */
const FORWARD_MS = 400;

async function forward(url: string): Promise<void> {
  const address = await addressOf(new URL(url), []);
  if ("code" in address) return;
  await new Promise<void>((resolve) => {
    const client = connectRtmp({
      url: new URL(url),
      address,
      intent: "publish",
      clock: systemClock,
      onReady: () => {},
      onMessage: () => {},
      onClosed: () => resolve(),
      onDrain: () => {},
    });
    setTimeout(() => {
      client.close();
      resolve();
    }, FORWARD_MS);
  });
}

const question = (url: string) => ({ url: new URL(url), method: "POST" as const, headers: {}, body: "{}" });
const CALLS: Readonly<Record<string, (host: string) => Promise<unknown>>> = {
  webhook: (host) => postGuarded({ url: `http://${host}:${PORT}/`, headers: {}, body: "{}", allowPrivate: false }),
  check: (host) =>
    postCheck({
      id: "1",
      event: "check.text",
      body: "{}",
      url: `http://${host}:${PORT}/`,
      secret: "s",
      allowPrivate: false,
      signal: within(2000),
    }),
  "back end": (host) => postQuestion(question(`http://${host}:${PORT}/`), { timeoutMs: 2000, allowPrivate: false }),
  provider: (host) => outboundFetch(new URL(`https://${host}:${PORT}/`), { method: "GET", headers: {} }, []),
  "address list": (host) => list(`http://${host}:${PORT}/`),
  "redirected list": (host) => list(`http://${PUBLIC}:${PORT}/to/${host}`),
  "HTTP source": (host) => get(`http://${host}:${PORT}/live.flv`),
  "redirected source": (host) => get(`http://${PUBLIC}:${PORT}/to/${host}`),
  "HLS source": (host) => pull(`http://${host}:${PORT}/live.m3u8`),
  "RTMP source": (host) => pull(`rtmp://${host}:${PORT}/live/x`),
  "RTSP source": (host) => pull(`rtsp://${host}:${PORT}/x`),
  forward: (host) => forward(`rtmp://${host}:${PORT}/live/x`),
  "forward by TLS": (host) => forward(`rtmps://${host}:${PORT}/live/x`),
};

const names = await startNameServer((name) => ANSWERS[/^[a-z]+/.exec(name)?.[0] ?? ""] ?? [[]]);
for (const host of [PUBLIC, PUBLIC_V6, ...INNER]) await listen(host);
let count = 0;
for (const [call, make] of Object.entries(CALLS))
  for (const kind of Object.keys(ANSWERS)) {
    // Twice, because what is kept of the first question may be used again; a name of its own, because the answers change.
    const host = `${kind}-${++count}.attack.example`;
    for (let time = 0; time < 2; time++) {
      current = `${call}: ${kind}`;
      await make(host).catch(() => {});
    }
  }
process.stdout.write(
  JSON.stringify({ calls: Object.keys(CALLS), kinds: Object.keys(ANSWERS), connected, asked: names.asked.length }),
);
process.exit(0);
