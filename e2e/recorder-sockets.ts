/** Provides the sockets of a recorder of GB/T 28181 for tests: SIP, and what it sends. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

export type SipText = {
  readonly first: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly vias: readonly string[];
  readonly body: string;
};

/** Where it registers, and how. */
export type RecorderServer = {
  readonly server: { readonly id: string; readonly port: number };
  readonly protocol: "UDP" | "TCP";
};

const HOST = "127.0.0.1";

function read(text: string): SipText {
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const pairs = lines.map((line): [string, string] => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  const vias = pairs.filter(([name]) => name === "via").map(([, value]) => value);
  return { first, headers: new Map(pairs), vias, body: rest.join("\r\n\r\n") };
}

/** Where a recorder speaks SIP. */
export async function openLink({ protocol, server }: RecorderServer, onMessage: (message: SipText) => void) {
  if (protocol === "UDP") {
    const socket = createSocket("udp4");
    socket.on("message", (bytes) => onMessage(read(String(bytes))));
    socket.bind(0, HOST);
    await once(socket, "listening");
    return {
      port: socket.address().port,
      // Chinese in GB18030 is not to be had from Node.js: names of tests are written in UTF-8.
      send: (text: string) => socket.send(text, server.port, HOST),
      close: () => {
        try {
          socket.close();
        } catch {
          // It is closed.
        }
      },
    };
  }
  const socket = connect(server.port, HOST);
  await once(socket, "connect");
  let pending = "";
  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    pending += bytes;
    for (;;) {
      const head = pending.indexOf("\r\n\r\n");
      const length = Number(/content-length:\s*(\d+)/i.exec(pending)?.[1] ?? 0);
      if (head === -1 || pending.length < head + 4 + length) return;
      onMessage(read(pending.slice(0, head + 4 + length)));
      pending = pending.slice(head + 4 + length);
    }
  });
  return { port: socket.localPort ?? 0, send: (text: string) => void socket.write(text), close: () => socket.destroy() };
}

/** Where a recorder sends a picture from. @param waits for the connection of the server */
export async function openMedia(isTcp: boolean, waits: boolean, target: { readonly host: string; readonly port: number }) {
  if (!isTcp) {
    const socket = createSocket("udp4");
    socket.bind(0, HOST);
    await once(socket, "listening");
    const { port } = socket.address();
    return {
      port,
      send: (packet: Uint8Array) => void socket.send(packet, target.port, target.host),
      close: () => void socket.close(),
    };
  }
  let open: Socket | null = null;
  const framed = (packet: Uint8Array): void => {
    if (open?.writable) open.write(Buffer.concat([Buffer.from([packet.length >> 8, packet.length & 0xff]), packet]));
  };
  if (!waits) {
    open = connect(target.port, target.host);
    open.on("error", () => {});
    await once(open, "connect");
    const { localPort = 0 } = open;
    return { port: localPort, send: framed, close: () => void open?.destroy() };
  }
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    open = socket;
  });
  listener.listen(0, HOST);
  await once(listener, "listening");
  const address = listener.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = (): void => {
    listener.close();
    open?.destroy();
  };
  return { port, send: framed, close };
}
