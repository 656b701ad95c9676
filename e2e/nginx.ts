/** Runs nginx with the configuration of the documents, in its own process and directory, until the test ends. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { until } from "./lectern.ts";

/** Where Debian's package libnginx-mod-rtmp has it. */
const RTMP_MODULE = "load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;";

/** The configuration that a document shows: its first block of `nginx`. */
export function documented(document: string): string {
  const text = readFileSync(join(import.meta.dirname, "../docs", document), "utf8");
  const [, block] = /```nginx\n(.*?)```/s.exec(text) ?? [];
  if (!block) throw new Error(`docs/${document} shows no configuration of nginx`);
  return block;
}

/** @param http what stands inside `http { … }` */
export async function startNginx(t: Pick<TestContext, "after">, port: number, http: string): Promise<string> {
  const base = `http://127.0.0.1:${port}`;
  await run(
    t,
    (directory) => {
      const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${directory}/${name};`)
        .join(" ");
      return `http { access_log off; ${paths} ${http.replaceAll("/var/cache/nginx", directory)} }`;
    },
    () =>
      fetch(base).then(
        () => true,
        () => false,
      ),
  );
  return base;
}

/** nginx-rtmp. @param application what stands inside `application live { … }` */
export async function startNginxRtmp(t: Pick<TestContext, "after">, port: number, application: string): Promise<string> {
  const isUp = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.destroy());
    });
  await run(
    t,
    () => `rtmp { access_log off; server { listen 127.0.0.1:${port}; application live { ${application} } } }`,
    isUp,
    RTMP_MODULE,
  );
  return `rtmp://127.0.0.1:${port}`;
}

/** @param block of the configuration, with a directory for its files */
async function run(
  t: Pick<TestContext, "after">,
  block: (directory: string) => string,
  isUp: () => Promise<boolean>,
  modules = "",
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-nginx-"));
  const file = join(directory, "nginx.conf");
  writeFileSync(
    file,
    `${modules} ${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid ${directory}/pid; error_log ${directory}/error.log; worker_processes 1; events { worker_connections 4096; }
     ${block(directory)}`,
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
  await until(async () => {
    if (child.exitCode !== null) throw new Error(`nginx: ${said}`);
    return isUp();
  }, "nginx");
}
