/**
 * Opens connections to a port at a steady rate, or many at once, in a process of its own: makes a TLS handshake on each, or none, which is the control of equal
 * rate. Arguments: port, address to come from, `handshakes`, `hellos` (the first message of one, copied: the server computes, the client does not) or `connections`, how many in a second (0: all at once), how many. Prints how many were made.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

const [port = "", from = "", kind = "", perSecond = "", count = ""] = process.argv.slice(2);

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
  const secure = connectTls({ socket, rejectUnauthorized: false });
  secure.on("error", () => failed++);
  await once(secure, "secureConnect");
  made++;
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
