import assert from "node:assert/strict";
import { connect, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { portOf } from "../../../platform/listen.ts";
import { parseSs, TcpRetransmits } from "./tcp-retransmits.ts";

/** As iproute2 6.1 prints them, the second one from a line that loses packets. */
const SAID = `0      0          127.0.0.1:8191       127.0.0.1:42242 bbr wscale:10,10 rto:204 rtt:0.023/0.007 mss:47616 bytes_sent:100000 bytes_acked:100000 segs_out:3 delivered:4
0      17520 [::ffff:10.0.0.1]:8191 [::ffff:10.0.0.2]:51000 cubic wscale:10,10 rto:288 rtt:85.1/0.4 bytes_sent:5238112 bytes_retrans:173760 bytes_acked:5046833 retrans:0/120 lost:3
0      0      [fe80::1%eth0]:8191 [fe80::2]:52000 cubic rto:204
garbage that ss never says
`;

test("what ss says of connections is read, by whatever kind of address", () => {
  assert.deepEqual(
    [...parseSs(SAID)],
    [
      ["8191 127.0.0.1 42242", { sent: 100_000, again: 0 }],
      ["8191 10.0.0.2 51000", { sent: 5_238_112, again: 173_760 }],
      ["8191 fe80::2 52000", { sent: 0, again: 0 }],
    ],
  );
});

test("a connection on which nothing is lost has next to no loss, one that has sent little is not judged", async (t) => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const [near, far] = await Promise.all([
    new Promise<Socket>((resolve) => server.once("connection", resolve)),
    new Promise<Socket>((resolve) => {
      const socket = connect(portOf(server), "127.0.0.1", () => resolve(socket));
    }),
  ]);
  t.after(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  const retransmits = new TcpRetransmits();
  retransmits.watch(near);
  await retransmits.poll();
  assert.equal(retransmits.percentOf(near), null);
  const bytes = 1_000_000;
  let got = 0;
  const all = new Promise<void>((resolve) =>
    far.on("data", (piece) => {
      got += piece.length;
      if (got === bytes) resolve();
    }),
  );
  near.write(Buffer.alloc(bytes));
  await all;
  await retransmits.poll();
  // Where the receiving process waits for a core, the kernel sends the end of what it has once more.
  const percent = retransmits.percentOf(near);
  assert.ok(percent !== null && percent < 25, `${percent} %`);
  assert.equal(retransmits.percentOf(far), null);
});
