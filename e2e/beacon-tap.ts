/** Passes HTTP and WebSocket on to a server, and keeps the beacons of players that pass: what arrives is what a page has sent, also while it goes. */
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { type ViewBeacon, viewBeacon } from "../packages/server/src/contracts/playback-sessions/view-beacon.ts";
import type { Scope } from "./lectern.ts";

export type TappedBeacon = ViewBeacon & {
  /** When it came, milliseconds of `performance.now()`. */
  readonly cameAt: number;
  /** As it was sent. */
  readonly text: string;
};

export type BeaconTap = {
  /** Leads to the server's port. */
  readonly port: number;
  /** In the order in which they came. */
  readonly beacons: readonly TappedBeacon[];
};

export async function tapBeacons(t: Scope, serverPort: number): Promise<BeaconTap> {
  const beacons: TappedBeacon[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const onward = httpRequest({ host: "127.0.0.1", port: serverPort, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    if (method === "POST" && url === "/api/v1/views") {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const text = Buffer.concat(pieces).toString();
        beacons.push({ ...viewBeacon.parse(JSON.parse(text)), cameAt: performance.now(), text });
      });
    }
    request.pipe(onward);
  });
  server.on("upgrade", (request, socket, head) => {
    const onward = connect(serverPort, "127.0.0.1");
    const lines = request.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
    onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward])
      end
        .on("error", () => {})
        .on("close", () => {
          socket.destroy();
          onward.destroy();
        });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, beacons };
}
