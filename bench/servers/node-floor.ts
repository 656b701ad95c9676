/** Provides the floor (`native/floor.c`) in Node.js: writes the same bytes in the same batches to every socket and does nothing else. */
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";

const [port = 0, bytes = 0, batchMs = 0] = process.argv.slice(2).map(Number);
const burst = readFileSync(process.argv[5] ?? "").subarray(0, 400_000);
const batch = Buffer.alloc(bytes, 7);
const viewers = new Set<Socket>();
createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.on("close", () => viewers.delete(socket));
  socket.once("data", () => {
    socket.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    socket.write(burst);
    viewers.add(socket);
  });
}).listen(port, "127.0.0.1");
setInterval(() => {
  for (const socket of viewers) if (socket.writableLength === 0) socket.write(batch);
}, batchMs);
