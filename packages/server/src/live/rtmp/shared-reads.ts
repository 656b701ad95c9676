/**
 * Reads many sockets into one buffer. Node.js gives each read 64 kB of new memory, which the garbage collector has to take back: for 300
 * publishers, a quarter of the whole cost of the ingest.
 *
 * Node.js has this as the option `onread` of sockets that connect. Sockets that a server accepts have the same parts, but no public way to
 * them. So one connection to this process itself tries them out at the start, and where they do not work, sockets are read by `data`.
 */
import { once } from "node:events";
import { connect, createServer, type Server, Socket } from "node:net";

/**
 * Reads what comes to a socket from now on into the shared buffer.
 * @param take gets the bytes, which are good only during the call
 * @returns false where the socket cannot be read so: it goes on by `data`
 */
export type ReadShared = (socket: Socket, take: (bytes: Buffer) => void) => boolean;

/** As large as the largest read of Node.js. */
const SHARED = Buffer.allocUnsafeSlow(64 * 1024);
const TRIAL_MS = 2000;

type Handle = { readonly useUserBuffer: (buffer: Buffer) => void };

function isHandle(value: unknown): value is Handle {
  return typeof Object(value).useUserBuffer === "function";
}

/** The places of a socket for the buffer and the function of `onread`. */
function fieldsIn(socket: Socket): { readonly buffer: symbol; readonly callback: symbol } | null {
  const symbols = Object.getOwnPropertySymbols(socket);
  const [buffer, callback] = ["kBuffer", "kBufferCb"].map((name) => symbols.find(({ description }) => description === name));
  return buffer && callback ? { buffer, callback } : null;
}

const readShared: ReadShared = (socket, take) => {
  const places = fieldsIn(socket);
  const handle: unknown = Reflect.get(socket, "_handle");
  if (!places || !isHandle(handle)) return false;
  Reflect.set(socket, places.buffer, SHARED);
  Reflect.set(socket, places.callback, (bytes: number) => take(SHARED.subarray(0, bytes)));
  handle.useUserBuffer(SHARED);
  return true;
};

let tried: Promise<ReadShared | null> | null = null;

/** How sockets of this process are read into one buffer; null where Node.js cannot do it. Tried out once. */
export function sharedReads(): Promise<ReadShared | null> {
  tried ??= tryOut().then((works) => (works ? readShared : null));
  return tried;
}

/** Whether bytes that are sent to a socket of this process come by the shared buffer, and by it alone. */
async function tryOut(): Promise<boolean> {
  if (!fieldsIn(new Socket())) return false;
  const server = createServer({ noDelay: true });
  const signal = AbortSignal.timeout(TRIAL_MS);
  const sockets: Socket[] = [];
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening", { signal });
    const accepted = once(server, "connection", { signal });
    const peer = connect(portOf(server), "127.0.0.1").on("error", () => {});
    sockets.push(peer);
    const [socket]: readonly unknown[] = await accepted;
    if (!(socket instanceof Socket)) return false;
    sockets.push(socket);
    return await comesShared(socket, peer, signal);
  } catch {
    return false;
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

function comesShared(socket: Socket, peer: Socket, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    let text = "";
    const isShared = readShared(socket, (bytes) => {
      text += bytes.toString("latin1");
    });
    socket.on("data", () => resolve(false)).on("error", () => resolve(false));
    socket.on("end", () => resolve(text === "trial"));
    signal.addEventListener("abort", () => resolve(false));
    if (isShared) peer.end("trial");
    else resolve(false);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}
