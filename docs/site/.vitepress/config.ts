/** Makes a site of the documents: VitePress, with search in English and Chinese on the reader's own machine, and nothing from other origins. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { defineConfig } from "vitepress";
import { CHINESE_WAYS, WAYS, type Way } from "../ways.ts";

const DOCUMENTS = join(import.meta.dirname, "../..");
const VERSION: string = JSON.parse(readFileSync(join(DOCUMENTS, "../package.json"), "utf8")).version;

/** In each page, so that it needs no place among the files. */
const MARK = readFileSync(join(DOCUMENTS, "../packages/web/src/brand/mark.svg")).toString("base64");

/** A page's first heading, without what marks code. */
function titleOf(page: string): string {
  const file = join(DOCUMENTS, page.endsWith("/") ? `${page}README.md` : `${page}.md`);
  return (/^# (.+)$/m.exec(readFileSync(file, "utf8"))?.[1] ?? page).replaceAll("`", "");
}

function decisions(): { text: string; link: string }[] {
  const names = readdirSync(join(DOCUMENTS, "decisions")).filter((name) => name.endsWith(".md") && name !== "README.md");
  return names.sort().map((name) => ({ text: titleOf(`decisions/${name.slice(0, -3)}`), link: `/decisions/${name.slice(0, -3)}` }));
}

/** Pages of the API's routes, which `script/reference-pages.ts` writes before the site is made. */
function reference(): { text: string; link: string }[] {
  const names = readdirSync(join(DOCUMENTS, "reference")).map((name) => name.slice(0, -".md".length));
  return names
    .filter((name) => name !== "index")
    .sort()
    .map((name) => ({ text: titleOf(`reference/${name}`), link: `/reference/${name}` }));
}

function itemsOf(page: string) {
  if (page === "decisions/") return { text: "Decisions", collapsed: true, items: decisions() };
  if (page === "reference/") return { text: "API reference", link: "/reference/", collapsed: true, items: reference() };
  return { text: titleOf(page), link: `/${page}` };
}

function sideOf({ groups }: Way) {
  return groups.map(({ title, pages }) => ({ text: title, items: pages.map(itemsOf) }));
}

function sidebar(ways: readonly Way[]) {
  return Object.fromEntries(
    ways.flatMap((way) => way.groups.flatMap(({ pages }) => pages.map((page) => [`/${page}`, sideOf(way)] as const))),
  );
}

/** Longest addresses first: `/architecture/core` is not a page of `/architecture`. */
function byLength<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => other.length - one.length));
}

function navigation(ways: readonly Way[]) {
  const sides = ways.map(({ title, groups }) => ({ text: title, link: `/${groups[0]?.pages[0] ?? ""}` }));
  return [...sides, { text: VERSION, link: "/versions" }];
}

/** Chinese has no spaces. Between its words stand thin ones in what is searched, and in what is searched for. */
const WORDS = new Intl.Segmenter("zh", { granularity: "word" });
const THIN_SPACE = "\u200a";

function segmented(html: string): string {
  const words = (run: string) => [...WORDS.segment(run)].map(({ segment }) => segment).join(THIN_SPACE);
  // Names of headings are in tags.
  return html.replace(/(<[^>]*>)|\p{Script=Han}{2,}/gu, (run, tag?: string) => tag ?? words(run));
}

/** Of the API's reference, headings and addresses are found: its tables repeat the same words hundreds of times. */
function searched(source: string, page: string): string {
  if (!page.startsWith("reference/")) return source;
  return source
    .split("\n")
    .filter((line) => /^#|^<p class="route">/.test(line))
    .join("\n\n");
}

/** As an option of the search, this would be a text that pages evaluate, which their policy forbids. */
const chineseQueries = {
  name: "chinese-queries",
  enforce: "pre",
  transform(code: string, id: string) {
    if (!id.endsWith("/VPLocalSearchBox.vue")) return null;
    if (!code.includes(QUERY))
      throw new Error("the search of VitePress has changed: segment what is searched for in its new place");
    return code.replace(
      QUERY,
      `.search([...new Intl.Segmenter("zh", { granularity: "word" }).segment(filterTextValue)].map(({ segment }) => segment).join(" "))`,
    );
  },
} as const;
const QUERY = ".search(filterTextValue)";

/** VitePress names the tabs of examples by chance, so that no two sites would be the same: here by their place in the page. */
function withStableTabs(html: string, group: number): string {
  const tabs = [...new Set(html.match(/tab-[\w-]{7}(?=")/g))];
  return tabs
    .reduce((text, tab, place) => text.replaceAll(`"${tab}"`, `"tab-${group}-${place}"`), html)
    .replace(/"group-[\w-]{5}"/g, `"group-${group}"`);
}

/** Scripts that VitePress writes into each page, which a content security policy without `unsafe-inline` does not run. */
const inlineScripts = new Map<string, string>();

function withoutInlineScripts(html: string): string {
  return html.replace(/<script id="([\w-]+)">(.*?)<\/script>/gs, (_, id: string, script: string) => {
    inlineScripts.set(id, script);
    return `<script src="/docs/assets/${id}.js"></script>`;
  });
}

export default defineConfig({
  title: "Lectern",
  srcDir: "../",
  srcExclude: ["site/**"],
  outDir: "../../packages/web/documents",
  base: "/docs/",
  cleanUrls: true,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `data:image/svg+xml;base64,${MARK}` }]],
  transformHtml: withoutInlineScripts,
  buildEnd: ({ outDir }) => {
    for (const [id, script] of inlineScripts) writeFileSync(join(outDir, "assets", `${id}.js`), script);
  },
  vite: { build: { chunkSizeWarningLimit: 2000 }, plugins: [chineseQueries] },
  metaChunk: true,
  // The index of the search has the pages in the order in which they were read: in parallel, two builds would differ.
  buildConcurrency: 1,
  // Documents of the sources, which the site does not have.
  ignoreDeadLinks: [/^(\.\.?\/)+(packages|bench|e2e|script|deploy|CHANGELOG|README|CONTRIBUTING|SECURITY)/, /^\/?zh\/.*/],
  rewrites: { "decisions/README.md": "decisions/index.md" },
  markdown: {
    config: (md) => {
      const openTabs = md.renderer.rules["container_code-group_open"];
      if (!openTabs)
        throw new Error("VitePress has another name for groups of examples: give their tabs stable names in its new place");
      md.renderer.rules["container_code-group_open"] = (tokens, at, options, env, self) => {
        env.codeGroups = (env.codeGroups ?? 0) + 1;
        return withStableTabs(openTabs(tokens, at, options, env, self), env.codeGroups);
      };
      // What stands between two braces is the document's own, and a link out of the documents is a name.
      md.core.ruler.push("outside", (state) => {
        const from = posix.dirname(String(state.env.relativePath ?? ""));
        for (const { children } of state.tokens)
          for (const [at, token] of (children ?? []).entries()) {
            const href = token.type === "link_open" ? (token.attrGet("href") ?? "") : "";
            if (!/^[\w.]/.test(href) || /^[a-z]+:/.test(href) || !posix.join(from, href).startsWith("..")) continue;
            token.tag = "span";
            token.attrs = [];
            const end = children?.slice(at).find(({ type }) => type === "link_close");
            if (end) end.tag = "span";
          }
      });
    },
  },
  themeConfig: {
    search: {
      provider: "local",
      options: {
        _render: (source, env, md) => segmented(md.render(searched(source, String(env.relativePath)), env)),
        locales: {
          zh: {
            translations: {
              button: { buttonText: "搜索" },
              modal: {
                noResultsText: "没有找到",
                resetButtonTitle: "清除",
                footer: { selectText: "打开", navigateText: "选择", closeText: "关闭" },
              },
            },
          },
        },
      },
    },
    outline: { level: [2, 3] },
    footer: { message: `Lectern ${VERSION}` },
  },
  locales: {
    root: { label: "English", lang: "en", themeConfig: { nav: navigation(WAYS), sidebar: byLength(sidebar(WAYS)) } },
    zh: {
      label: "简体中文",
      lang: "zh-CN",
      themeConfig: {
        nav: navigation(CHINESE_WAYS),
        sidebar: byLength(sidebar(CHINESE_WAYS)),
        outline: { level: [2, 3], label: "本页内容" },
        docFooter: { prev: "上一页", next: "下一页" },
        darkModeSwitchLabel: "外观",
        sidebarMenuLabel: "目录",
        returnToTopLabel: "回到顶部",
        langMenuLabel: "语言",
      },
    },
  },
});
