/**
 * The packages for npm of a release, from their tarballs: pages without a bundler and an application built by Vite publish and play, a program calls the API, and types are
 * found. Only by name: it builds a release.
 */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { build } from "vite";
import { openSmallPage } from "./chromium.ts";
import { sharedLectern } from "./fixtures.ts";
import { TOKEN, until } from "./lectern.ts";
import { examples, htmlPage, otherSite, plays } from "./other-site.ts";
import { packedApplication } from "./packed-application.ts";
import { artefact, releaseOf, VERSIONS } from "./release-artefacts.ts";

const ROOT = join(import.meta.dirname, "..");
/** What npm installs beside the packages. */
const LIBRARIES = ["hls.js", "openapi-fetch", "openapi-typescript-helpers"];

/** Publishes what it draws, and has its state as the page's title. */
const drawing = (address: string) => `import { createPublisher } from "@lectern/publisher";
const canvas = document.createElement("canvas");
Object.assign(canvas, { width: 320, height: 180 });
const context = canvas.getContext("2d");
let hue = 0;
setInterval(() => { context.fillStyle = \`hsl(\${hue++} 80% 50%)\`; context.fillRect(0, 0, 320, 180); }, 40);
createPublisher({
  address: "${address}", key: "", stream: canvas.captureStream(25), prefer: "websocket",
  onState: ({ phase, way }) => { document.title = \`\${phase} \${way}\`; },
});
`;

const application = packedApplication(() => {
  const release = releaseOf(VERSIONS.older);
  const tarballOf = (name: string) => artefact(release, `lectern-${name}-${VERSIONS.older}.tgz`);
  return { player: tarballOf("player"), client: tarballOf("client"), publisher: tarballOf("publisher") };
}, LIBRARIES);

test("an application built by Vite publishes with the workers that the package has beside it", async (t) => {
  const server = await sharedLectern();
  const root = join(application(), "vite");
  mkdirSync(root);
  writeFileSync(join(root, "main.js"), drawing(`${server.http}/live/packed`));
  await build({
    root,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: "out",
      assetsInlineLimit: 0,
      rollupOptions: { input: join(root, "main.js"), output: { entryFileNames: "main.js" } },
    },
  });
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": htmlPage('<script type="module" src="/main.js"></script>') }, join(root, "out")));
  await until(async () => (await page.title()) === "live websocket", "publishing");
  const { video } = await server.stream("packed", (stream) => stream.video !== null);
  assert.equal(video?.width, 320);
});

test("pages without a bundler publish and play by the modules as they are", async (t) => {
  const server = await sharedLectern();
  const imports = { "@lectern/publisher": "/node_modules/@lectern/publisher/index.js" };
  const [player = ""] = examples("Package", "html", server.http).map((text) => text.replaceAll("/live/math", "/live/plain"));
  const site = await otherSite(
    t,
    {
      "/publish": htmlPage(
        `<script type="importmap">${JSON.stringify({ imports })}</script><script type="module">${drawing(`${server.http}/live/plain`)}</script>`,
      ),
      "/play": htmlPage(player),
    },
    application(),
  );
  const publishing = await openSmallPage(t);
  await publishing.goto(`${site}/publish`);
  await until(async () => (await publishing.title()) === "live websocket", "publishing");
  const playing = await openSmallPage(t);
  await playing.goto(`${site}/play`);
  await plays(playing, "the element");
});

test("a program in Node.js calls the API by the package", async () => {
  const server = await sharedLectern();
  const program = `import { lecternClient } from "@lectern/client";
const lectern = lecternClient({ url: process.env.LECTERN, token: process.env.LECTERN_KEY });
const made = await lectern.POST("/api/v1/lessons", { body: { title: "Algebra" } });
const refused = await lectern.GET("/api/v1/lessons/{id}", { params: { path: { id: "nothing" } } });
process.stdout.write(JSON.stringify([made.data.title, refused.error.status]));
`;
  const env = { ...process.env, LECTERN: server.http, LECTERN_KEY: TOKEN };
  const said = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], { cwd: application(), env });
  assert.deepEqual(JSON.parse(said.stdout), ["Algebra", 400]);
});

test("types of the packages are found by a program in strict TypeScript", () => {
  const directory = application();
  writeFileSync(
    join(directory, "program.ts"),
    `import { lecternClient } from "@lectern/client";
import { createPublisher, type PublisherState } from "@lectern/publisher";
const { data } = await lecternClient({ url: "https://lectern.example.org" }).GET("/api/v1/lessons");
export const title: string | undefined = data?.items[0]?.title;
// @ts-expect-error lessons have no such field
export const wrong = data?.items[0]?.tittle;
createPublisher({ address: "x", key: "y", stream: new MediaStream(), onState: (state: PublisherState) => void state.phase });
`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    types: [],
    lib: ["es2022", "dom"],
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", directory], { stdio: "inherit" });
});
