/**
 * Runs viewers in a process of their own. Reads lines from standard input: `measure` starts a new measurement, `look` changes nothing; each is
 * answered with a line of JSON (`ViewerReport`). Ends with its input.
 *
 *     node viewer-process.ts NAME COUNT SECONDS PROTOCOL,PROTOCOL SERVER SERVER…
 *
 * The viewers join within SECONDS, evenly distributed. SERVER is `HTTP_ADDRESS RTMP_PORT`; or one SERVER with the address of dispatch, which
 * then names the servers.
 */
import { createInterface } from "node:readline";
import { dispatchedTo, type Protocol, Viewer } from "../../e2e/viewers.ts";
import { summarize } from "../testbed/viewer-summary.ts";

const [, , name = "", count = "1", seconds = "0", protocols = "flv", ...servers] = process.argv;
const kinds = protocols.split(",") as Protocol[];
const targets = servers.map((server) => {
  const [http = "", rtmpPort = "0"] = server.split(" ");
  return { http, rtmpPort: Number(rtmpPort) };
});
const dispatch = targets.find(({ http }) => http.includes("/dispatch/"));
const viewers: Viewer[] = [];
for (let i = 0; i < Number(count); i++)
  setTimeout(
    () => {
      const kind = kinds[i % kinds.length] ?? "flv";
      const where = dispatch ? dispatchedTo(dispatch.http, `live/${name}`, kind, dispatch.rtmpPort) : () => targets;
      viewers.push(new Viewer(kind, where, name, Math.floor(i / kinds.length)));
    },
    (Number(seconds) * 1000 * i) / Number(count),
  );
for await (const line of createInterface(process.stdin)) {
  const report = {
    playing: viewers.filter(({ seen }) => seen.pieces > 0).length,
    epochs: [...new Set(viewers.flatMap(({ seen }) => [...seen.epochs]))],
    hosts: viewersByHost(),
    seen: summarize(viewers.map((viewer) => viewer.look())),
  };
  if (line === "measure") for (const viewer of viewers) viewer.measure();
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
process.exit(0);

function viewersByHost(): Record<string, number> {
  const hosts: Record<string, number> = {};
  for (const { host } of viewers) if (host) hosts[host] = (hosts[host] ?? 0) + 1;
  return hosts;
}
