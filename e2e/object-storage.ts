/** Provides an S3 server in its own process, behind a proxy that records requests and injects failures. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Scope, until } from "./lectern.ts";

export type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
};

/** What happens to a request: it is answered with 500, its answer's body breaks off, or all is well. */
export type Fault = "500" | "cut" | null;

export type ObjectStorage = {
  readonly set: Readonly<Record<string, string>>;
  readonly asked: ReceivedRequest[];
  /** Decides about each request. */
  fault: (asked: Pick<ReceivedRequest, "method" | "path" | "query">) => Fault;
  readonly close: () => void;
};

const BUCKET = "lessons";
/** What s3rver takes. */
const KEY = "S3RVER";

export async function startObjectStorage(t: Scope): Promise<ObjectStorage> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-s3-"));
  const program = createRequire(import.meta.url).resolve("s3rver/bin/s3rver.js");
  const args = ["--directory", directory, "--address", "127.0.0.1", "--port", "0", "--silent", "--configure-bucket", BUCKET];
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  child.stderr.on("data", (bytes: Buffer) => {
    said += bytes;
  });
  const port = await until(async () => Number(/:(\d+)\s*$/m.exec(said)?.[1]) || null, "the S3 server");
  const storage = { asked: [] as ReceivedRequest[], fault: (() => null) as ObjectStorage["fault"] };
  const proxy = createServer((from, to) => pass(from, to, port, storage));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const close = () => {
    proxy.close();
    proxy.closeAllConnections();
  };
  t.after(() => {
    close();
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const { port: front } = proxy.address() as AddressInfo;
  const s3 = { endpoint: `http://127.0.0.1:${front}`, region: "here", bucket: BUCKET, accessKeyId: KEY, secretAccessKey: KEY };
  return Object.assign(storage, { set: { "storage.s3": JSON.stringify(s3) }, close });
}

function pass(from: IncomingMessage, to: ServerResponse, port: number, storage: Pick<ObjectStorage, "asked" | "fault">): void {
  const { method = "", url = "" } = from;
  const [path = "", query] = url.split("?");
  const asked = { method, path, query: new URLSearchParams(query) };
  const fault = storage.fault(asked);
  const headers = from.headers as Record<string, string>;
  const note = (status: number) => storage.asked.push({ ...asked, headers, status });
  if (fault === "500") {
    from.resume();
    from.on("end", () => {
      note(500);
      to.writeHead(500, { "content-type": "application/xml" });
      to.end("<Error><Code>InternalError</Code><Message>for the test</Message></Error>");
    });
    return;
  }
  const onward = request({ host: "127.0.0.1", port, method, path: url, headers }, (answer) => {
    note(answer.statusCode ?? 0);
    to.writeHead(answer.statusCode ?? 0, answer.headers);
    if (fault === "cut") {
      answer.once("data", (bytes: Buffer) => {
        to.write(bytes.subarray(0, bytes.length / 2), () => to.destroy());
      });
      answer.resume();
    } else answer.pipe(to);
  });
  onward.on("error", () => to.destroy());
  from.pipe(onward);
}
