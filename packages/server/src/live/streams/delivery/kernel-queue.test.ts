import assert from "node:assert/strict";
import { test } from "node:test";
import { kernelAddress, mostQueued, readTcpLine } from "./kernel-queue.ts";

test("a line of /proc/net/tcp and of tcp6 is read; other states, small queues and rubbish are passed over", () => {
  const line = "   3: 0100007F:1F90 0100007F:D431 01 0003D090:00000000 01:00000014 00000000     0        0 1234 2 0 20 4 30 10 -1";
  assert.deepEqual(readTcpLine(line, 0, 8), { key: "8080 0100007F 54321", sendQueue: 250_000 });
  assert.equal(readTcpLine(line.replace(" 01 ", " 0A "), 0, 8), null);
  assert.equal(readTcpLine(line.replace("0003D090", "00003090"), 0, 8), null);
  const six = "12345: 00000000000000000000000001000000:1F90 0000000000000000FFFF00000100007F:D431 01 00FFFFFF:00000000";
  assert.deepEqual(readTcpLine(six, 0, 32), { key: "8080 0000000000000000FFFF00000100007F 54321", sendQueue: 0xffffff });
  for (const rubbish of ["", "rubbish", ": ", line.slice(0, 40)]) assert.equal(readTcpLine(rubbish, 0, 8), null);
});

test("addresses are written as the kernel prints them", () => {
  assert.equal(kernelAddress("127.0.0.1"), "0100007F");
  assert.equal(kernelAddress("::ffff:10.1.2.3"), "0000000000000000FFFF00000302010A");
  assert.equal(kernelAddress("::1"), "00000000000000000000000001000000");
  assert.equal(kernelAddress("2001:db8::ff00:42:8329"), "B80D01200000000000FF000029834200");
});

test("the kernel may hold two seconds of a stream for a viewer, and less where the configuration allows less", () => {
  assert.equal(mostQueued(500_000, 5, 8 << 20), 1_000_000);
  assert.equal(mostQueued(500_000, 1, 8 << 20), 500_000);
  assert.equal(mostQueued(50_000_000, 5, 8 << 20), 8 << 20);
  assert.equal(mostQueued(0, 5, 8 << 20), 8 << 20, "a stream that has just begun is not measured yet");
});
