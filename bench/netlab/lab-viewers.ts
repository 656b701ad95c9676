/**
 * Viewers in a place of their own, told what to do by lines on standard input: `measure`, `look` (answers with a line of JSON), and the
 * end of the input. Started as `node watcher.ts NAME COUNT SECONDS PROTOCOL,PROTOCOL PLACE PLACE…`: they come evenly within the seconds; a
 * place is `HTTP RTMP_PORT`; or, instead of places, one whose address is that of dispatch, which names them.
 */
import { createInterface } from "node:readline";
import { dispatchedTo, type Protocol, Viewer } from "../../e2e/viewers.ts";
import { summarize } from "../testbed/local-cluster.ts";

const [, , name = "", count = "1", seconds = "0", protocols = "flv", ...places] = process.argv;
const kinds = protocols.split(",") as Protocol[];
const targets = places.map((place) => {
  const [http = "", rtmpPort = "0"] = place.split(" ");
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
  if (line === "measure") for (const viewer of viewers) viewer.measure();
  const playing = viewers.filter(({ seen }) => seen.pieces > 0).length;
  const epochs = [...new Set(viewers.flatMap(({ seen }) => [...seen.epochs]))];
  const hosts: Record<string, number> = {};
  for (const { host } of viewers) if (host) hosts[host] = (hosts[host] ?? 0) + 1;
  process.stdout.write(`${JSON.stringify({ playing, epochs, hosts, seen: summarize(viewers.map((viewer) => viewer.look())) })}\n`);
}
process.exit(0);
