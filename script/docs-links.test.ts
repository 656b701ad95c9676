/** Every link between the documents leads to a file and a heading that exist, and every path that a document names exists. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");
const SERVER = join(ROOT, "packages/server/src");
const SKIPPED = /(^|\/)(node_modules|dist)(\/|$)/;
/** Folders that a document names by their path from the repository's root. */
const PATH_FROM_ROOT = /(?<![\w/.@-])(?:packages|docs|bench|e2e|script|deploy)\/[\w@./-]*[\w/]/g;
/** Documents about the code also name folders and files of the server from `packages/server/src`. */
const ABOUT_CODE = /^docs\/architecture\.md$|^packages\//;
const SOURCE_FILE = /^[\w@./-]+\.(?:tsx?|c|md)$/;
const FOLDER = /^[a-z][\w-]*(?:\/[\w-]+)*\/$|^[a-z][\w-]*(?:\/[\w-]+)+$/;

type Document = { readonly path: string; readonly text: string };

const inRepository = (pattern: string) =>
  globSync(pattern, { cwd: ROOT, exclude: (path) => SKIPPED.test(path) }).filter((path) => !SKIPPED.test(path));
const documents: readonly Document[] = ["*.md", "{docs,deploy,packages}/**/*.md"]
  .flatMap(inRepository)
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
const sources = inRepository("{packages,bench,e2e,script}/**/*.{ts,tsx,c,md}");
const sourceNames = new Set(sources.map((path) => basename(path)));
const folders = [...new Set(sources.map((path) => `/${dirname(path)}`))];

test("every link between documents leads to a file and a heading", () => {
  assert.ok(documents.length > 20);
  assert.deepEqual(documents.flatMap(brokenLinks), []);
});

test("every path in a document exists", () => {
  assert.deepEqual(
    documents.flatMap((document) => [...missingFromRoot(document), ...missingSources(document)]),
    [],
  );
});

function brokenLinks({ path, text }: Document): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? join(ROOT, path) : resolve(ROOT, dirname(path), file);
    if (!existsSync(target)) return [`${path}: ${link}: no such file`];
    return anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor)
      ? []
      : [`${path}: ${link}: no such heading`];
  });
}

function missingFromRoot({ path, text }: Document): string[] {
  return [...text.matchAll(PATH_FROM_ROOT)].flatMap(([named]) =>
    existsSync(join(ROOT, named)) || existsSync(resolve(ROOT, dirname(path), named)) ? [] : [`${path}: ${named} does not exist`],
  );
}

/** Code spans that name source files, and in documents about the code also folders. */
function missingSources({ path, text }: Document): string[] {
  const folder = dirname(join(ROOT, path));
  const exists = (span: string) => [folder, join(folder, "src"), ROOT, SERVER].some((base) => existsSync(join(base, span)));
  const isKnown = (span: string) => {
    if (exists(span)) return true;
    if (SOURCE_FILE.test(span)) return !span.includes("/") && sourceNames.has(span);
    // A README may name a folder below its own by the last parts of its path.
    const named = `/${span.replace(/\/$/, "")}`;
    return ABOUT_CODE.test(path) && FOLDER.test(span) ? folders.some((each) => each.endsWith(named)) : true;
  };
  return [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = ""]) =>
    (SOURCE_FILE.test(span) || FOLDER.test(span)) && !isKnown(span) ? [`${path}: ${span} does not exist`] : [],
  );
}

/** Links in code are examples. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
}

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}
