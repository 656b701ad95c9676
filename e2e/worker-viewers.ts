/** Provides a publisher that reconnects, and viewers on connections to chosen workers. */
import type { Socket } from "node:net";
import type { TestContext } from "node:test";
import { clip } from "./clips.ts";
import { publishForever } from "./ffmpeg.ts";
import type { Lectern } from "./lectern.ts";

/** Publishes a clip over and over, and begins again whenever it is cut off, as encoders do. */
export async function publishForEver(t: TestContext, lectern: Lectern, name: string): Promise<void> {
  const file = clip("b-frames");
  let over = false;
  t.after(() => {
    over = true;
  });
  const go = (): void => {
    const { done } = publishForever(t, file, `${lectern.rtmp}/live/${name}`);
    void done.then(() => !over && setTimeout(go, 100));
  };
  go();
  await lectern.stream(name, (stream) => stream.video !== null);
}

/** Watches by HTTP-FLV on a connection, and remembers when bytes came. */
export function watchOn(socket: Socket, name: string) {
  const state = { bytes: 0, newest: performance.now(), longestGap: 0, closed: false };
  socket.on("data", (bytes: Buffer) => {
    const now = performance.now();
    state.longestGap = Math.max(state.longestGap, now - state.newest);
    state.newest = now;
    state.bytes += bytes.length;
  });
  socket.on("close", () => {
    state.closed = true;
  });
  socket.write(`GET /live/${name}.flv HTTP/1.1\r\nHost: test\r\n\r\n`);
  return state;
}
