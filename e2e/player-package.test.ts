/**
 * The package of the player for npm, packed and installed outside this repository: its types, its modules without a bundler, in Vite and rolldown, and
 * the examples of docs/embed.md in React and Vue, shown in Chromium on another origin. Only with --all.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import vue from "@vitejs/plugin-vue";
import { rolldown } from "rolldown";
import { build, type PluginOption } from "vite";
import { openSmallPage, playerState } from "./chromium.ts";
import { until } from "./lectern.ts";
import { examples, htmlPage, liveServer, otherSite, plays, streamFrame } from "./other-site.ts";
import { packedApplication } from "./packed-application.ts";

const ROOT = join(import.meta.dirname, "..");
/** What an application installs beside the package. */
const LIBRARIES = ["hls.js", "react", "react-dom", "scheduler", "vue", "@vue", "@types/react", "csstype"];
/** Kilobytes of the tarball, and of the modules without the libraries. */
const BUDGET = { tarball: 119, modules: 347 } as const;

/** An application with the package from its tarball, which stays in its folder. */
const application = packedApplication((directory) => {
  const packed = join(directory, "packed");
  execFileSync(process.execPath, [join(ROOT, "script/pack-npm.ts"), "player", packed], { stdio: ["ignore", "ignore", "inherit"] });
  execFileSync("npm", ["pack", "--silent", "--pack-destination", directory], { cwd: packed, stdio: "ignore" });
  rmSync(packed, { recursive: true });
  return { player: tarballIn(directory) };
}, LIBRARIES);

function tarballIn(directory: string): string {
  const name = readdirSync(directory).find((file) => file.endsWith(".tgz"));
  assert.match(name ?? "", /^lectern-player-\d+\.\d+\.\d+\.tgz$/);
  return join(directory, name ?? "");
}

/** Builds an application of these files by Vite. Gives the folder of what a site serves, and its scripts. */
async function built(name: string, files: Readonly<Record<string, string>>, plugins: PluginOption[] = []) {
  const root = join(application(), name);
  mkdirSync(root);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(root, file), text);
  const [entry = ""] = Object.keys(files);
  const output = { entryFileNames: "main.js" };
  await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins,
    oxc: { jsx: { runtime: "automatic" } },
    define: { "process.env.NODE_ENV": '"production"' },
    build: { outDir: "out", assetsInlineLimit: 0, rollupOptions: { input: join(root, entry), output } },
  });
  const directory = join(root, "out");
  return { directory, scripts: readdirSync(directory, { recursive: true }).map(String) };
}

const pageOf = (more = "") => htmlPage(`<div id="app"></div>${more}<script type="module" src="/main.js"></script>`);

test("the tarball has modules and types and nothing of this repository, and keeps its budget", () => {
  const own = join(application(), "node_modules/@lectern/player");
  const files = readdirSync(own, { recursive: true }).map(String);
  for (const wanted of ["package.json", "README.md", "LICENSE", "index.js", "replay.js", "types/index.d.ts"])
    assert.ok(files.includes(wanted), wanted);
  assert.deepEqual(
    files.filter((file) => /(?<!\.d)\.ts$|\.test\.|\.map$/.test(file)),
    [],
  );
  const texts = files
    .filter((file) => /\.(js|d\.ts|json)$/.test(file))
    .map((file) => [file, readFileSync(join(own, file), "utf8")] as const);
  for (const [file, text] of texts) {
    assert.doesNotMatch(text, /["']@lectern\/(?!player")/, file);
    assert.ok(!text.includes(ROOT), file);
  }
  const sizeOf = (path: string) => statSync(path).size / 1000;
  const modules = texts.filter(([file]) => file.endsWith(".js")).reduce((sum, [, text]) => sum + text.length / 1000, 0);
  const tarball = sizeOf(tarballIn(application()));
  assert.ok(tarball < BUDGET.tarball && modules < BUDGET.modules, `${tarball} kB packed, modules of ${modules} kB`);
});

test("a program in strict TypeScript finds the element, its state, and the details of its events", () => {
  const directory = application();
  const [types = ""] = examples("React", "ts", "");
  writeFileSync(
    join(directory, "program.tsx"),
    `import { type LecternPlayer, type PlayerState } from "@lectern/player";
import { type Chapter, LecternReplay } from "@lectern/player/replay";
import "react";
${types}
const player: LecternPlayer = document.createElement("lectern-player");
player.addEventListener("lectern-state", ({ detail }) => { const state: string = detail.state; void state; });
player.addEventListener("lectern-volume", ({ detail }) => void (detail.volume + 1));
const state: PlayerState = player.state;
player.chooseQuality(player.currentQuality?.rungs[0]?.label ?? null);
player.volume = 0.5;
const replay = new LecternReplay();
replay.chapters = [{ seconds: 1, title: "One" } satisfies Chapter];
export const element = <lectern-player src="x" autoplay="" reports="off" onlectern-state={({ detail }) => void detail.problem} />;
// @ts-expect-error there is no such state
export const wrong: boolean = state === "sleeping";
// @ts-expect-error nobody sets the state
player.state = "live";
`,
  );
  const compilerOptions = {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    jsx: "react-jsx",
    types: [],
    module: "esnext",
    moduleResolution: "bundler",
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
  };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.tsx"] }));
  const compile = () =>
    execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", directory], { encoding: "utf8" });
  try {
    assert.equal(compile(), "");
  } catch (error) {
    assert.fail(String((error as { stdout?: string }).stdout ?? error));
  }
});

test("where there is no page, importing it does nothing", () => {
  const program = 'await import("@lectern/player"); await import("@lectern/player/replay"); process.stdout.write("fine")';
  const said = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: application(), encoding: "utf8" });
  assert.equal(said, "fine");
});

for (const protocol of ["flv", "hls"])
  test(`a page without a bundler takes the modules of the package as they are: ${protocol}`, async (t) => {
    const server = await liveServer();
    const [plain = ""] = examples("Package", "html", server.http);
    const body = plain.replace("autoplay", `autoplay protocol="${protocol}"`);
    const page = await openSmallPage(t);
    await page.goto(await otherSite(t, { "/": htmlPage(body) }, application()));
    await plays(page, "the element");
    const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    assert.ok(loaded.includes("/node_modules/@lectern/player/index.js"), `${loaded}`);
    assert.equal(loaded.includes("/node_modules/hls.js/dist/hls.light.mjs"), protocol === "hls", `${loaded}`);
  });

test("rolldown makes a chunk of what each protocol needs, and plays on another origin", async (t) => {
  const server = await liveServer();
  const root = join(application(), "plain");
  mkdirSync(root);
  writeFileSync(join(root, "main.js"), 'import "@lectern/player";\ndocument.title = "ready";\n');
  const bundle = await rolldown({ input: join(root, "main.js"), platform: "browser", logLevel: "silent" });
  const { output } = await bundle.write({ dir: join(root, "out"), format: "esm", minify: true });
  await bundle.close();
  const chunks = output.flatMap((file) => (file.type === "chunk" && !file.isEntry ? [file.name] : []));
  for (const library of ["hls", "flv-playback"])
    assert.ok(
      chunks.some((name) => name.includes(library)),
      `${library} among ${chunks}`,
    );
  const element = `<lectern-player src="${server.http}/live/math.flv" autoplay></lectern-player>`;
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": pageOf(element) }, join(root, "out")));
  await plays(page, "the element");
});

test("React: the element tells its state to the application, and keeps what attributes say", async (t) => {
  const server = await liveServer();
  const [element = ""] = examples("React", "jsx", server.http);
  const main = `import { createRoot } from "react-dom/client";
import { useState } from "react";
import { Lesson } from "./lesson.jsx";
function Page() {
  const [state, setState] = useState("");
  return <><Lesson src="${server.http}/live/math.flv" onState={setState} /><output>{state}</output>
    <lectern-player id="second" src="${server.http}/live/math.flv" autoplay="" muted={true} reports="off" controls="off" quality="saver" latency="low" protocol="flv" /></>;
}
createRoot(document.getElementById("app")).render(<Page />);
`;
  const { directory, scripts } = await built("react", { "main.jsx": main, "lesson.jsx": element });
  assert.ok(
    scripts.some((name) => name.includes("flv-playback")),
    `${scripts}`,
  );
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": pageOf() }, directory));
  await plays(page, "the element");
  await until(async () => (await page.locator("output").textContent()) === "live", "the state");
  await plays(page, "the second element", "#second");
  const second = await page.evaluate(() => {
    const player = document.querySelector("#second");
    return { muted: player?.shadowRoot?.querySelector("video")?.muted, controls: player?.shadowRoot?.querySelector(".controls") };
  });
  assert.deepEqual(second, { muted: true, controls: null });
});

test("React: the frame tells the application what happens, and follows it", async (t) => {
  const server = await liveServer();
  const [, frame = ""] = examples("React", "jsx", server.http);
  const main = `import { createRoot } from "react-dom/client";
import { useCallback, useState } from "react";
import { LessonFrame } from "./lesson.jsx";
function Page() {
  const [state, setState] = useState("");
  const heard = useCallback((message) => { if (message.type === "state") setState(message.state); }, []);
  return <><LessonFrame name="math" onMessage={heard} /><output>{state}</output></>;
}
createRoot(document.getElementById("app")).render(<Page />);
`;
  const { directory } = await built("react-frame", { "main.jsx": main, "lesson.jsx": frame });
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": pageOf() }, directory));
  await plays(await streamFrame(page), "the frame");
  const says = (state: string) => until(async () => (await page.locator("output").textContent()) === state, state);
  await says("live");
  await page.getByRole("button", { name: "Pause" }).click();
  await says("paused");
});

const vuePlugin = () => vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.startsWith("lectern-") } } });

test("Vue: the element tells its state to the application", async (t) => {
  const server = await liveServer();
  const [element = ""] = examples("Vue", "vue", server.http);
  const main = `import { createApp, h, ref } from "vue";
import Lesson from "./lesson.vue";
const state = ref("");
createApp({ render: () => [h(Lesson, { src: "${server.http}/live/math.flv", onState: (now) => { state.value = now; } }), h("output", state.value)] }).mount("#app");
`;
  const { directory } = await built("vue", { "main.js": main, "lesson.vue": element }, [vuePlugin()]);
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": pageOf() }, directory));
  await plays(page, "the element");
  await until(async () => (await page.locator("output").textContent()) === "live", "the state");
  assert.equal((await playerState(page)).state, "live");
});

test("Vue: the frame tells the application what happens, and follows it", async (t) => {
  const server = await liveServer();
  const [, frame = ""] = examples("Vue", "vue", server.http);
  const main = `import { createApp, h, ref } from "vue";
import Lesson from "./lesson.vue";
const state = ref("");
const heard = (message) => { if (message.type === "state") state.value = message.state; };
createApp({ render: () => [h(Lesson, { name: "math", onMessage: heard }), h("output", state.value)] }).mount("#app");
`;
  const { directory, scripts } = await built("vue-frame", { "main.js": main, "lesson.vue": frame }, [vuePlugin()]);
  const [style = ""] = scripts.filter((name) => name.endsWith(".css"));
  const page = await openSmallPage(t);
  await page.goto(await otherSite(t, { "/": pageOf(`<link rel="stylesheet" href="/${style}">`) }, directory));
  await plays(await streamFrame(page), "the frame");
  const says = (state: string) => until(async () => (await page.locator("output").textContent()) === state, state);
  await says("live");
  await page.getByRole("button", { name: "Pause" }).click();
  await says("paused");
});
