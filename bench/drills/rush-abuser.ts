/**
 * Provides the abuser of the drill `rush`, a process of its own: opens connections at a fixed rate from one address, and asks each time for something
 * else that is not there. When its input ends, it prints what became of them, by the second.
 */
import { connect } from "node:net";
import type { AbusedSecond, AbuserOptions } from "./rush.ts";

const { port, address, perSecond } = JSON.parse(process.argv[2] ?? "{}") as AbuserOptions;
/** Connections are opened in so many portions a second. */
const PORTIONS = 50;
const ANSWER_WITHIN_MS = 5000;

const seconds: AbusedSecond[] = [];
const begun = performance.now();
let count = 0;

/** What is asked of the n-th connection; null: nothing, it is closed at once. */
function requestOf(n: number): string | null {
  const guess = (n * 2_654_435_761).toString(36);
  const paths = [
    `/live/${guess}.flv`,
    `/api/v1/invitations/${guess}`,
    `/live/${guess}.m3u8`,
    `/api/v1/lessons/${guess}/join`,
    null,
  ];
  const path = paths[n % paths.length] ?? null;
  return path && `GET ${path} HTTP/1.1\r\nHost: lectern\r\nUser-Agent: zgrab/0.x\r\nConnection: close\r\n\r\n`;
}

function open(): void {
  const at = Math.floor((performance.now() - begun) / 1000);
  const second = seconds[at] ?? { opened: 0, refused: 0, served: 0 };
  seconds[at] = second;
  const request = requestOf(count++);
  const socket = connect({ host: "127.0.0.1", port, localAddress: address });
  let head = "";
  second.opened++;
  socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
  socket.on("error", () => {});
  socket.on("connect", () => (request === null ? socket.destroy() : socket.write(request)));
  socket.on("data", (bytes: Buffer) => {
    head += bytes.subarray(0, 32).toString("latin1");
  });
  socket.on("close", () => {
    if (request === null) return;
    // Closed without an answer, too many requests, or a challenge.
    if (/^HTTP\/1\.1 (?:200|40[014])/.test(head)) second.served++;
    else second.refused++;
  });
}

const timer = setInterval(() => {
  const due = ((performance.now() - begun) / 1000) * perSecond;
  for (let i = 0; i < perSecond / PORTIONS && count < due; i++) open();
}, 1000 / PORTIONS);

process.stdin.resume().on("end", () => {
  clearInterval(timer);
  process.stdout.write(JSON.stringify(Array.from(seconds, (second) => second ?? { opened: 0, refused: 0, served: 0 })));
  process.exit(0);
});
