import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { RpcChannel, type RpcMethods } from "./rpc-channel.ts";

/** Two ends that hear each other, as a process and its child do. */
function pair<A extends RpcMethods, B extends RpcMethods>(ofA: RpcMethods, ofB: RpcMethods) {
  const [a, b] = [new EventEmitter(), new EventEmitter()];
  const port = (own: EventEmitter, other: EventEmitter) => ({
    on: (event: "message", listener: (message: unknown) => void) => own.on(event, listener),
    send: (message: unknown) => setImmediate(() => other.emit("message", structuredClone(message))),
  });
  return { a: new RpcChannel<B>(port(a, b), ofA), b: new RpcChannel<A>(port(b, a), ofB) };
}

type Sums = {
  readonly add: (numbers: readonly number[]) => number;
  readonly fail: (code: string) => never;
  readonly never: () => Promise<void>;
};

const sums: Sums = {
  add: (numbers) => numbers.reduce((sum, one) => sum + one, 0),
  fail: (code) => {
    throw Object.assign(new Error("it went wrong"), { code, port: 80 });
  },
  never: () => new Promise(() => {}),
};

test("calls go both ways at once, and each gets its own answer", async () => {
  const { a, b } = pair<Sums, Sums>(sums, sums);
  const answers = await Promise.all([a.call("add", [1, 2]), b.call("add", [3, 4]), a.call("add", [5])]);
  assert.deepEqual(answers, [3, 7, 5]);
});

test("a failure arrives with its code and port, so that a person can be told", async () => {
  const { a } = pair<Sums, Sums>(sums, sums);
  await assert.rejects(a.call("fail", "EADDRINUSE"), { message: "it went wrong", code: "EADDRINUSE", port: 80 });
});

test("who waits for a process that is gone, or does not answer, is told", async () => {
  const { a } = pair<Sums, Sums>(sums, sums);
  await assert.rejects(a.call("never", undefined, 20), /no answer to never/);
  const waiting = a.call("never", undefined);
  a.close();
  await assert.rejects(waiting, /gone/);
  await assert.rejects(a.call("add", [1]), /gone/);
});

test("a call that nobody waits for and that is not answered ends no process; anything else that nobody handles does", async () => {
  const end = async (rejection: string): Promise<string> => {
    const script = `
      import { RpcChannel, surviveUnanswered } from ${JSON.stringify(import.meta.resolve("./rpc-channel.ts"))};
      surviveUnanswered((error) => console.log(error.message));
      const channel = new RpcChannel({ on() {}, send() {} }, {});
      void ${rejection};
      setTimeout(() => console.log("goes on"), 50);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] });
    return `${(await text(child.stdout)).trim()} ${child.exitCode ?? (await once(child, "exit"))[0]}`;
  };
  assert.equal(await end('channel.call("never", undefined, 1)'), "no answer to never\ngoes on 0");
  assert.equal(await end('Promise.reject(new Error("a fault"))'), " 1");
});
