/** Runs nginx with the configuration of the documents, in its own process and directory, until the test ends. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { until } from "./lectern.ts";

/** The configuration that a document shows: its first block of `nginx`. */
export function documented(document: string): string {
  const text = readFileSync(join(import.meta.dirname, "../docs", document), "utf8");
  const [, block] = /```nginx\n(.*?)```/s.exec(text) ?? [];
  if (!block) throw new Error(`docs/${document} shows no configuration of nginx`);
  return block;
}

/** @param http what stands inside `http { … }` */
export async function startNginx(t: TestContext, port: number, http: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-nginx-"));
  const file = join(directory, "nginx.conf");
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${directory}/${name};`)
    .join(" ");
  writeFileSync(
    file,
    `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid ${directory}/pid; error_log ${directory}/error.log; worker_processes 1; events { worker_connections 4096; }
     http { access_log off; ${paths} ${http.replaceAll("/var/cache/nginx", directory)} }`,
  );
  const child = spawn("nginx", ["-c", file, "-p", directory], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (bytes) => (said += bytes));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  t.after(async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  });
  const base = `http://127.0.0.1:${port}`;
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`nginx: ${said}`);
    return fetch(base).then(
      () => true,
      () => false,
    );
  }, "nginx");
  return base;
}
