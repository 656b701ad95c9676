/** Provides a Vite plugin that adds the head that all pages share: encoding, viewport, colours, icon, title, and what the server fills in. */
import type { Plugin } from "vite";

/** The server replaces %NONCE%, %DISPATCH% and %TIME% in each answer (packages/server/src/node/pages.ts). The colours are those of packages/ui/src/tokens.css. */
const HEAD = `<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f6f7f5" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#11181b" media="(prefers-color-scheme: dark)">
<meta name="csp-nonce" content="%NONCE%">
<meta name="lectern-dispatch" content="%DISPATCH%">
<meta name="lectern-time" content="%TIME%">
<title>Lectern</title>
<link rel="icon" href="/src/brand/mark.svg" type="image/svg+xml">
<link rel="apple-touch-icon" href="/src/brand/touch-icon.png">`;

export function pageHead(): Plugin {
  return {
    name: "page-head",
    transformIndexHtml: { order: "pre", handler: (html) => html.replace("<head>", `<head>\n${HEAD}`) },
  };
}
