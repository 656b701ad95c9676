/** Drives Firefox for tests by WebDriver BiDi (W3C), which Firefox speaks by itself: headless, with a fresh profile, a camera that it makes up, and no plugin for H.264. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { noteStart } from "./artefacts.ts";
import type { Scope } from "./lectern.ts";

const FIREFOX = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";

const PREFERENCES: Readonly<Record<string, unknown>> = {
  "app.update.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  // The plugin for H.264 would be downloaded.
  "media.gmp-manager.updateEnabled": false,
  "media.navigator.permission.disabled": true,
  "media.navigator.streams.fake": true,
  "media.autoplay.default": 0,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "remote.active-protocols": 1,
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

type Answer = { readonly id?: number; readonly type: string; readonly result?: Body; readonly message?: string };
type Body = Readonly<Record<string, unknown>>;

export type FirefoxPage = {
  readonly goto: (url: string) => Promise<void>;
  /** Calls a function in the page, and gives its result by JSON. */
  readonly evaluate: <Result, Argument>(
    call: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ) => Promise<Result>;
};

export async function firefoxPage(t: Scope): Promise<FirefoxPage> {
  const socket = await startFirefox(t);
  const send = commands(socket);
  await send("session.new", { capabilities: {} });
  const { context } = await send("browsingContext.create", { type: "tab" });
  return {
    goto: async (url) => void (await send("browsingContext.navigate", { context, url, wait: "complete" })),
    evaluate: async (call, argument) => {
      const functionDeclaration = `async () => JSON.stringify((await (${call})(${JSON.stringify(argument)})) ?? null)`;
      const { type, result, exceptionDetails } = await send("script.callFunction", {
        functionDeclaration,
        awaitPromise: true,
        target: { context },
      });
      if (type !== "success") throw new Error(`in the page: ${(exceptionDetails as Body)["text"]}`);
      return JSON.parse(String((result as Body)["value"]));
    },
  };
}

/** A connection to a Firefox that ends with the test. */
async function startFirefox(t: Scope): Promise<WebSocket> {
  noteStart("browser");
  const profile = mkdtempSync(join(tmpdir(), "lectern-firefox-"));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  writeFileSync(join(profile, "user.js"), lines.join("\n"));
  const child = spawn(FIREFOX, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, HOME: profile },
  });
  const left = once(child, "exit");
  t.after(async () => {
    child.kill("SIGTERM");
    await left;
    rmSync(profile, { recursive: true, force: true });
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const address = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line)?.[1];
    if (address === undefined) continue;
    // What it says from here on must not fill the pipe.
    child.stderr.resume();
    const socket = new WebSocket(`${address}/session`);
    t.after(() => socket.terminate());
    await once(socket, "open");
    return socket;
  }
  throw new Error("Firefox has ended without a connection for tests");
}

function commands(socket: WebSocket) {
  const waiting = new Map<number, { readonly resolve: (result: Body) => void; readonly reject: (error: Error) => void }>();
  let count = 0;
  socket.on("message", (text) => {
    const { id, type, result, message } = JSON.parse(String(text)) as Answer;
    const call = id === undefined ? undefined : waiting.get(id);
    if (id !== undefined) waiting.delete(id);
    if (type === "success") call?.resolve(result ?? {});
    else call?.reject(new Error(message));
  });
  socket.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("Firefox has ended"));
  });
  return (method: string, params: Body): Promise<Body> =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      socket.send(JSON.stringify({ id: count, method, params }));
    });
}
