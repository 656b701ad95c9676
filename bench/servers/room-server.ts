/**
 * Provides rooms of other kinds, to compare with: `socket.io` is Socket.IO 4 with its default adapter and WebSockets only, `ws` a loop over all
 * sockets. Each sends a line to everybody as soon as it comes; nothing is stored or checked. Arguments: kind, port.
 */
import { createServer } from "node:http";
import { Server } from "socket.io";
import { WebSocket, WebSocketServer } from "ws";

const [kind, port] = process.argv.slice(2);
const server = createServer();

if (kind === "socket.io") {
  const io = new Server(server, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
  io.on("connection", (socket) => {
    void socket.join("lesson");
    socket.emit("welcome", {});
    for (const event of ["chat", "danmaku"]) socket.on(event, (line: unknown) => io.to("lesson").emit(event, line));
  });
} else {
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    socket.on("message", (line: Buffer) => {
      const text = line.toString();
      for (const other of sockets.clients) if (other.readyState === WebSocket.OPEN) other.send(text);
    });
  });
}
server.listen(Number(port), "127.0.0.1", 4096);
