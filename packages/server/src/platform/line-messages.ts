/** Carries messages over a socket, each as a line of JSON. */
import type { Duplex } from "node:stream";
import type { RpcPort } from "./rpc-channel.ts";

const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;
const LINE_END = 10;

/** A peer that sends anything else is disconnected. What is sent in one turn of the event loop is written at once. */
export function lineMessages(socket: Duplex): RpcPort {
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    socket.uncork();
  };
  return {
    send: (message) => {
      if (!isCorked) {
        isCorked = true;
        socket.cork();
        process.nextTick(uncork);
      }
      socket.write(`${JSON.stringify(message)}\n`);
    },
    on: (_event, listener) => {
      let pieces: Buffer[] = [];
      let held = 0;
      return socket.on("data", (bytes: Buffer) => {
        let from = 0;
        for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, from)) {
          const line = pieces.length === 0 ? bytes.subarray(from, end) : Buffer.concat([...pieces, bytes.subarray(from, end)]);
          [pieces, held, from] = [[], 0, end + 1];
          try {
            listener(JSON.parse(line.toString()));
          } catch {
            socket.destroy();
            return;
          }
        }
        if (from < bytes.length) pieces.push(bytes.subarray(from));
        held += bytes.length - from;
        if (held > MAX_MESSAGE_BYTES) socket.destroy();
      });
    },
  };
}
