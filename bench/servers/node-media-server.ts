/** Starts node-media-server for a benchmark: node node-media-server.ts RTMP_PORT HTTP_PORT */

/** The package comes without types. */
type NodeMediaServer = new (options: object) => { run: () => void };
const name = "node-media-server";
const { default: Server } = (await import(name)) as { default: NodeMediaServer };

const [rtmp, http] = process.argv.slice(2).map(Number);
new Server({
  bind: "127.0.0.1",
  notify: { url: "" },
  auth: { play: false, publish: false, secret: "" },
  rtmp: { port: rtmp },
  http: { port: http },
}).run();
