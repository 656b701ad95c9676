/** Publishes a stream for the length of a test, and measures the gaps between the bytes of a viewer. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Lectern } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

/** Of a server that is attacked: it takes thousands of requests from here, and what broke off is over at once. */
export const ATTACKED = { "limits.perAddress.requestsPerSecond": "100000", "publish.graceSeconds": "0" };
const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;

/** A stream that goes on for as long as the test, and a viewer that notes the largest gap between its bytes. */
export async function withWitness(t: TestContext, lectern: Lectern, name = "witness") {
  const client = await RtmpClient.open(lectern.rtmpPort);
  await client.publish(name);
  const tags = readTags(CLIP).filter((tag) => tag.type !== 18);
  const span = (tags.at(-1)?.timestamp ?? 0) + 33;
  let sent = 0;
  const begun = performance.now();
  const timer = setInterval(() => {
    for (;;) {
      const tag = tags[sent % tags.length];
      if (!tag) return;
      const time = tag.timestamp + Math.floor(sent / tags.length) * span;
      if (time > performance.now() - begun) return;
      client.tag(tag, time);
      sent++;
    }
  }, 10);
  t.after(() => {
    clearInterval(timer);
    client.break();
  });
  await lectern.stream(name, (stream) => stream.video !== null);
  const viewer = connect(lectern.httpPort, "127.0.0.1");
  viewer.write(`GET /live/${name}.flv HTTP/1.1\r\nHost: x\r\n\r\n`);
  const gaps = { largest: 0, last: 0 };
  viewer.on("data", () => {
    const now = performance.now();
    if (gaps.last > 0) gaps.largest = Math.max(gaps.largest, now - gaps.last);
    gaps.last = now;
  });
  await once(viewer, "data");
  t.after(() => viewer.destroy());
  return { gaps, viewer, client };
}

export async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1" });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}
