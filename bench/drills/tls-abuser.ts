/**
 * Opens connections to a port at a steady rate, or many at once, in a process of its own: makes a TLS handshake on each, or none, which is the control of equal
 * rate. Arguments: port, address to come from, `handshakes`, `hellos` (the first message of one, copied: the server computes, the client does not), `connections`,
 * `resets` (of HTTP/2: a thousand requests that are reset in the same packet) or `requests` (one that is answered, their control), how many in a second (0: all at
 * once), how many. Prints how many were made.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const [port = "", from = "", kind = "", perSecond = "", count = ""] = process.argv.slice(2);

const RESETS = 1000;
/** A client that is not closed by then closes. */
const CLOSED_WITHIN_MS = 500;
const batch = kind === "resets" ? resets() : kind === "requests" ? Buffer.concat([preface(), requestOf(1, true)]) : Buffer.alloc(0);
const hello = kind === "hellos" ? await firstMessage() : Buffer.alloc(0);
let made = 0;
let failed = 0;

/** Node's client checks no certificate of the drill's own server, and keeps no session: each handshake is a whole one. */
async function open(): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port: Number(port), localAddress: from });
  socket.on("error", () => failed++);
  await once(socket, "connect");
  return socket;
}

async function firstMessage(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const client = connectTls({ host: "127.0.0.1", port: typeof address === "object" ? (address?.port ?? 0) : 0 });
  client.on("error", () => {});
  const [socket]: Socket[] = await once(server, "connection");
  const [bytes]: Buffer[] = socket ? await once(socket, "data") : [];
  client.destroy();
  server.close();
  return bytes ?? Buffer.alloc(0);
}

/** RFC 9113 section 4.1. */
function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** RFC 9113 section 3.4, and SETTINGS without settings. */
function preface(): Buffer {
  return Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(4, 0, 0)]);
}

/** `:method GET`, `:scheme https`, `:path /`, `:authority x` (RFC 7541 appendix A). */
function requestOf(stream: number, isWhole: boolean): Buffer {
  return frame(1, isWhole ? 0x5 : 0x4, stream, Buffer.from([0x82, 0x87, 0x84, 0x41, 0x01, 0x78]));
}

/** Each with its RST_STREAM, CANCEL. */
function resets(): Buffer {
  const all = Array.from({ length: RESETS }, (_, i) => [
    requestOf(2 * i + 1, false),
    frame(3, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8])),
  ]);
  return Buffer.concat([preface(), ...all.flat()]);
}

async function shake(socket: Socket): Promise<void> {
  if (kind === "connections") {
    made++;
    socket.destroy();
    return;
  }
  if (kind === "hellos") {
    made++;
    socket.write(hello);
    socket.resume();
    await once(socket, "close");
    return;
  }
  const isHttp2 = batch.length > 0;
  const secure = connectTls({ socket, rejectUnauthorized: false, ...(isHttp2 ? { ALPNProtocols: ["h2"] } : {}) });
  secure.on("error", () => failed++);
  await once(secure, "secureConnect");
  made++;
  if (isHttp2) {
    secure.resume().write(batch);
    await Promise.race([once(secure, "close"), new Promise((resolve) => setTimeout(resolve, CLOSED_WITHIN_MS))]);
  }
  secure.destroy();
}

if (Number(perSecond) === 0) {
  const sockets = await Promise.all(Array.from({ length: Number(count) }, open));
  await Promise.race([Promise.allSettled(sockets.map(shake)), new Promise((resolve) => setTimeout(resolve, 8000))]);
} else {
  const all: Promise<void>[] = [];
  const begun = performance.now();
  for (let i = 0; i < Number(count); i++) {
    const wait = begun + (i * 1000) / Number(perSecond) - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(
      open()
        .then(shake)
        .catch(() => {}),
    );
  }
  await Promise.race([Promise.allSettled(all), new Promise((resolve) => setTimeout(resolve, 5000))]);
}
process.stdout.write(`${JSON.stringify({ made, failed })}\n`);
process.exit(0);
