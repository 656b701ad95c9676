import assert from "node:assert/strict";
import { test } from "node:test";
import { isForSearchEngines, ROBOTS } from "./robots.ts";

/** RFC 9309 section 2.2: the longest rule that matches counts, and `$` stands for the end. */
function mayRead(path: string): boolean {
  const rules = [...ROBOTS.matchAll(/^(Allow|Disallow): (\S+)$/gm)].map(([, kind, rule = ""]) => ({
    isAllowed: kind === "Allow",
    rule,
  }));
  const matching = rules.filter(({ rule }) => (rule.endsWith("$") ? path === rule.slice(0, -1) : path.startsWith(rule)));
  return matching.sort((a, b) => b.rule.length - a.rule.length)[0]?.isAllowed ?? true;
}

test("crawlers read the start page, its files and lessons' pages, and neither media nor API nor pages of staff", () => {
  for (const path of ["/", "/assets/start-x.js", "/j/ABCDEFGH", "/class/ABCDEFGH"]) assert.equal(mayRead(path), true, path);
  for (const path of [
    ...[
      "/api/v1/invitations/ABCDEFGH",
      "/live/math.flv",
      "/channels/news.m3u8",
      "/vod/x/play.m3u8",
      "/embed/math",
      "/?stream=math",
    ],
    ...["/console", "/studio/x", "/reset/secret", "/lti/launch", "/metrics", "/anything"],
  ])
    assert.equal(mayRead(path), false, path);
});

test("search engines show the start page only: what they may read besides says `noindex`", () => {
  assert.deepEqual(["/", "/?stream=math", "/j/ABCDEFGH", "/class/ABCDEFGH?x"].map(isForSearchEngines), [true, false, false, false]);
});
