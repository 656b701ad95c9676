/**
 * Provides the files that a page loads first: few of them, as each costs a round trip where HTTP/1.1 has six connections; and all asked for at once,
 * also where the page's first script imports the others.
 */
import type { Plugin, Rolldown } from "vite";

type Group = { readonly name: string; readonly test: RegExp };

const own = (paths: string): RegExp => new RegExp(`/packages/web/src/(?:${paths})\\.tsx?$`);

const anyOf = (...tests: readonly RegExp[]): RegExp => new RegExp(tests.map(({ source }) => source).join("|"));

/**
 * In their order: a group takes what it needs, unless one before has it. What `base` and `player` need is for pages without React, too. A script that mounts a page is in
 * none: other pages that have the group would mount it as well.
 */
export const FIRST_CHUNKS: readonly Group[] = [
  {
    name: "base",
    test: anyOf(
      /\/packages\/client\/src\/index\.ts$|\/node_modules\/openapi-fetch\/|vite\/preload-helper|\/packages\/player\/src\/(?:engines\/flv\/(?:library|preload)|clock\/server-clock)\.ts$/,
      own(
        "language|page-language|page-subject|television-browser|brand/(?:brand|accent-colors)|clearance/with-clearance|player/media-address|class/(?:lesson-code|lesson-door|prefetch-content|first-answers|device-mark)|room/preconnect-socket|board/pages/board-door|session/(?:server-time|kept-values|launch-session|activity|retry-until|without-secrets|last-change|api|error-message|signed-in)",
      ),
    ),
  },
  // The publisher has it too.
  { name: "media", test: /\/packages\/media\/src\// },
  // With all that it imports.
  { name: "player", test: /\/packages\/player\/src\/(?:index|controls\/format-duration)\.ts$/ },
  {
    name: "react",
    test: /\/node_modules\/(?:react|react-dom|scheduler|use-sync-external-store)\/|\/packages\/web\/src\/(?:mount-page|i18n|texts\/(?:translator|use-translation))\.tsx?$/,
  },
  {
    name: "page",
    test: anyOf(
      // What the class has of the controls and icons; other pages load the rest where they use it.
      /\/packages\/ui\/src\/(?:icon|use-media-query)\.tsx?$|\/packages\/ui\/src\/icons\/(?:controls|devices)\.ts$/,
      own(
        "brand/(?:mark|wordmark)|components/(?:language-button|use-loaded|loaded-later)|schedule/(?:after|defer-while-drawing|schedule|use-now)|downloads/messages|session/(?:password-field|passkey-support|sign-in|sign-on-choices|use-sign-on)",
      ),
    ),
  },
  // The frames of learning platforms have the style, and of the class only what they open.
  { name: "class-style", test: /\/packages\/web\/src\/(?:class\/class|board\/stage-frame)\.css$/ },
  {
    name: "lesson",
    test: anyOf(
      /\/packages\/ui\/src\/(?:popup|tabs|icons\/room)\.tsx?$/,
      /\/packages\/room\/src\/(?:wire|shown-page|refusals)\.ts$/,
      own(
        "room/(?:random-id|room-error|outbox|transport|room-connection|room-store|use-room)|board/(?:stage-frame|stage-slots)|stage/small-lesson-mode|player/(?:live-player|watermark)|class/report-tamper",
      ),
    ),
  },
  { name: "class", test: own("class/(?:class-page|messages)") },
  // Not first, but what both the class and the studio read of a room: one file, and not one for each kind.
  { name: "room-kinds", test: /\/packages\/room\/src\/(?:announcement|chat|hand|pin|question|quiz|settings|sign-in|stage)\.ts$/ },
];

/** @param imported the script that a page's first one imports, by the page's file name */
export function preloadImported(imported: Readonly<Record<string, string>>): Plugin {
  return {
    name: "preload-imported",
    transformIndexHtml: {
      order: "post",
      handler: (html, { filename, bundle }) => {
        const script = Object.entries(imported).find(([page]) => filename.endsWith(`/${page}`))?.[1];
        if (script === undefined || !bundle) return html;
        const chunks = Object.values(bundle).filter((one) => one.type === "chunk");
        const first = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(script));
        if (!first) throw new Error(`no chunk of ${script}`);
        const needed = new Set<Rolldown.OutputChunk>();
        const add = (chunk: Rolldown.OutputChunk): void => {
          if (needed.has(chunk)) return;
          // As the browser runs them, and as their styles follow each other: what a script imports comes before it.
          for (const name of chunk.imports) for (const one of chunks) if (one.fileName === name) add(one);
          needed.add(chunk);
        };
        add(first);
        const styles = [...needed].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]);
        const links = [
          ...[...needed].map(({ fileName }) => `<link rel="modulepreload" crossorigin href="/${fileName}">`),
          ...styles.map((fileName) => `<link rel="stylesheet" crossorigin href="/${fileName}">`),
        ].filter((link) => !html.includes(link));
        return html.replace("</head>", `${[...new Set(links)].map((link) => `  ${link}\n`).join("")}</head>`);
      },
    },
  };
}
