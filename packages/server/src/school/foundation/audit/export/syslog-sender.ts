/**
 * Sends syslog messages over TLS (RFC 5425), TCP (RFC 6587, the same frames) or UDP (RFC 5426). Syslog has no acknowledgement, so each turn has a connection of its own: the
 * receiver has taken everything when it answers the end of the connection with its own end, as RFC 5425 section 4.4 asks of it.
 */
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createConnection, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { AuditSettings } from "../../../../platform/config/audit-schema.ts";
import { type SyslogTarget, syslogTarget } from "../../../../platform/config/audit-schema.ts";

/** A receiver that takes nothing for so long is given up. */
const STALL_MS = 20_000;

/**
 * Resolves when the receiver has taken all messages; by UDP, when they were sent. Where it rejects, the receiver may have taken some of them.
 * @throws Error with the reason
 */
export async function sendSyslog(
  { url, ca, cert, key }: AuditSettings["syslog"],
  messages: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const target = syslogTarget(url);
  if (target.transport === "udp") return await sendDatagrams(target, messages);
  const { host, port } = target;
  const read = async (file: string) => (file === "" ? {} : { bytes: await readFile(file) });
  const [trusted, own, ownKey] = await Promise.all([ca, cert, key].map(read));
  const socket =
    target.transport === "tcp"
      ? createConnection({ host, port })
      : connectTls({
          host,
          port,
          ...(isIP(host) ? {} : { servername: host }),
          ...(trusted?.bytes ? { ca: trusted.bytes } : {}),
          ...(own?.bytes && ownKey?.bytes ? { cert: own.bytes, key: ownKey.bytes } : {}),
        });
  await sendFrames(socket, target.transport === "tls" ? "secureConnect" : "connect", messages, signal);
}

async function sendFrames(
  socket: Socket,
  connected: "connect" | "secureConnect",
  messages: readonly Buffer[],
  signal: AbortSignal,
): Promise<void> {
  const abort = () => socket.destroy(new Error("the server ends"));
  signal.addEventListener("abort", abort);
  socket.setTimeout(STALL_MS, () => socket.destroy(new Error(`the receiver took nothing for ${STALL_MS / 1000} s`)));
  // What it says is of no interest; read, it lets the end of the connection be seen.
  socket.resume();
  socket.on("end", () => {
    if (!socket.writableEnded) socket.destroy(new Error("the receiver closed the connection"));
  });
  // Errors are read once the socket has closed.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  try {
    await once(socket, connected);
    for (const message of messages) {
      if (socket.destroyed) break;
      if (!socket.write(frameOf(message))) await Promise.race([once(socket, "drain"), closed]);
    }
    socket.end();
    await closed;
    if (socket.errored) throw socket.errored;
  } finally {
    signal.removeEventListener("abort", abort);
    socket.destroy();
  }
}

/** RFC 5425 section 4.3: the number of octets, a space, the message. */
function frameOf(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

async function sendDatagrams({ host, port }: SyslogTarget, messages: readonly Buffer[]): Promise<void> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  try {
    for (const message of messages)
      await new Promise<void>((resolve, reject) => {
        socket.send(message, port, address, (error) => (error ? reject(error) : resolve()));
      });
  } finally {
    socket.close();
  }
}
