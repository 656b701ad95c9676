/**
 * Runs candidates of an examination as a process of its own: each has a connection and a device. Reads the order and then commands as lines of JSON, and answers each
 * command with figures.
 */
import { writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { ExamDevice } from "../../packages/server/src/load/clients/exam-device.ts";
import type { LineAnswer } from "../../packages/server/src/load/clients/http-line.ts";
import type { Entered } from "../../packages/server/src/load/run/examination.ts";
import { quantile } from "../report/table.ts";
import type { Acknowledged } from "./stored-exam.ts";

export type CandidatesOrder = {
  readonly port: number;
  readonly devices: readonly Entered[];
  readonly questions: readonly string[];
};

export type CandidatesCommand =
  /** Fetch the encrypted paper, spread over so many seconds. */
  | { readonly do: "paper"; readonly seconds: number }
  /** Ask once before the moment, which opens a connection, as the page does. */
  | { readonly do: "wait"; readonly seconds: number }
  /** Ask for the key at a moment, as pages do that count down: each within so many milliseconds after it. */
  | { readonly do: "key"; readonly at: number; readonly withinMs: number }
  /** Write and save for so long, each every so many seconds. */
  | { readonly do: "save"; readonly seconds: number; readonly everySeconds: number; readonly answers: number }
  | { readonly do: "hand-in"; readonly withinMs: number }
  /** Write what was acknowledged into a file. */
  | { readonly do: "report"; readonly file: string };

export type CandidatesFigures = {
  readonly requests: number;
  /** By status; 0: no answer. */
  readonly refused: Readonly<Record<string, number>>;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
  /** From the beginning of the command, or for keys from their moment, to the last answer, in milliseconds. */
  readonly lastMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** CPU of this process, seconds. */
  readonly cpu: number;
};

const HAND_IN_TRIES = 20;

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const order = JSON.parse(String((await lines.next()).value)) as CandidatesOrder;
const devices = order.devices.map((one) => new ExamDevice(one, () => ({ host: "127.0.0.1", port: order.port, isTls: false })));
let turn = 0;

/** Has each device do something at its own moment. @param begins when the first may, as `performance.now()` */
async function all(
  spreadMs: number,
  work: (device: ExamDevice, note: (answer: LineAnswer) => void, i: number) => Promise<void>,
  begins = performance.now(),
): Promise<CandidatesFigures> {
  const times: number[] = [];
  const refused: Record<string, number> = {};
  let last = begins;
  const note = ({ status, milliseconds }: LineAnswer): void => {
    times.push(milliseconds);
    last = performance.now();
    if (status !== 200) refused[status] = (refused[status] ?? 0) + 1;
  };
  const bytes = (of: "bytesIn" | "bytesOut") => devices.reduce((sum, { line }) => sum + line[of], 0);
  const [bytesIn, bytesOut] = [bytes("bytesIn"), bytes("bytesOut")];
  const cpu = process.cpuUsage();
  await Promise.all(
    devices.map(async (device, i) => {
      await pause(begins - performance.now() + (i / devices.length) * spreadMs);
      await work(device, note, i);
    }),
  );
  const used = process.cpuUsage(cpu);
  return {
    requests: times.length,
    refused,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    longest: times.reduce((most, one) => Math.max(most, one), 0),
    lastMs: last - begins,
    bytesIn: bytes("bytesIn") - bytesIn,
    bytesOut: bytes("bytesOut") - bytesOut,
    cpu: (used.user + used.system) / 1e6,
  };
}

function write(device: ExamDevice, count: number): void {
  for (let i = 0; i < count; i++) {
    const question = order.questions[turn++ % order.questions.length] ?? "q1";
    device.write(question, "abcd".charAt(turn % 4));
  }
}

function run(command: CandidatesCommand): Promise<CandidatesFigures> {
  switch (command.do) {
    case "wait":
      return all(command.seconds * 1000, async (device) => void (await device.fetchKey()));
    case "paper":
      return all(command.seconds * 1000, async ({ line }, note, i) => {
        note(await line.request({ method: "GET", path: order.devices[i]?.paper ?? "/" }));
      });
    case "key":
      return all(
        command.withinMs,
        async (device, note) => note(await device.fetchKey()),
        performance.now() + Math.max(0, command.at - Date.now()),
      );
    case "save": {
      const { seconds, everySeconds, answers } = command;
      const until = performance.now() + seconds * 1000;
      return all(everySeconds * 1000, async (device, note) => {
        for (let next = performance.now(); next < until; next += everySeconds * 1000) {
          await pause(next - performance.now());
          write(device, answers);
          note(await device.save());
        }
      });
    }
    case "hand-in":
      return all(command.withinMs, async (device, note) => {
        write(device, 1);
        for (let tries = 0; tries < HAND_IN_TRIES && device.handedInAt === null; tries++) {
          const answer = await device.handIn();
          note(answer);
          if (device.handedInAt === null) await pause((answer.retryAfter ?? 1) * 1000);
        }
      });
    case "report": {
      const acknowledged: Acknowledged[] = devices.map((device) => ({
        attempt: device.order.attempt,
        seat: device.order.seat,
        answers: [...device.acknowledged.values()],
      }));
      writeFileSync(command.file, JSON.stringify(acknowledged));
      return all(0, async () => {});
    }
  }
}

for await (const line of { [Symbol.asyncIterator]: () => lines }) {
  const command = JSON.parse(line) as CandidatesCommand | { readonly do: "leave" };
  if (command.do === "leave") break;
  process.stdout.write(`${JSON.stringify(await run(command))}\n`);
}
process.exit();
