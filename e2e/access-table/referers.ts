/**
 * Provides rows about the page that a request comes from: look-alikes of a domain, every part of an address that is not its host, and requests that
 * name none.
 */
import { type Client, type Group, rowsOf, rule } from "./row.ts";

const REFUSED = "refused-by-rule referers";
const FROM_SCHOOL = { referer: "https://school.com/" };

const from = (...pages: readonly string[]): Record<string, Client> =>
  Object.fromEntries(pages.map((referer) => [referer, { referer }]));
/** RTMP has no headers; the client names its page in `pageUrl`. */
const lines = (...values: readonly (readonly [string, string])[]): Client => ({ headers: values });
const LONG = "x".repeat(7000);

const ALLOWED_PAGES = from(
  ...[
    "https://school.com/lesson",
    "http://school.com",
    "https://school.com:8443/",
    "https://www.school.com/",
    "https://a.b.school.com/x?y#z",
  ],
  ...["HTTPS://SCHOOL.COM/LESSON", "https://WWW.School.COM:8443/", "https://school.com./", "https://www.school.com.:443/"],
  ...[
    "https://user:password@school.com/",
    "https://evil.com@school.com/",
    "https://school.com?https://evil.com/",
    "https://school.com#@evil.com/",
  ],
  ...["https://xn--7lq44a8q9a.xn--fiqs8s/kurs", "http://%73chool.com/", "http:\\\\school.com\\lesson"],
  `https://school.com/${LONG}`,
);
/** Names below the school's domain that nobody but the school could have. */
const STRANGE_PAGES = from("https://evil.com;.school.com/", "https://.school.com./", "https://*.school.com");
const REFUSED_PAGES = from(
  ...[
    "https://evilschool.com/",
    "https://school.com.evil.com/",
    "https://school.comevil.com/",
    "https://school.co/",
    "https://schoolxcom/",
  ],
  ...[
    "https://school.com@evil.com/",
    "https://school.com:443@evil.com/",
    "https://school.com%40evil.com/",
    "https://www.school.com:x@evil.com/",
  ],
  ...[
    "https://evil.com/school.com",
    "https://evil.com/?school.com",
    "https://evil.com/#school.com",
    "https://evil.com\\@school.com/",
  ],
  ...[
    "https://evil.com\\.school.com/",
    "https://evil.com%2f.school.com/",

    "https://evil.com,school.com/",
  ],
  ...["https://bad.school.com/", "https://BAD.School.Com/", "https://bad.school.com./", "https://bad.school.com:8443/"],
  ...[
    "https://school.com../",

    "https://school.com.evil.com./",
    "https://sch00l.com/",
    "https://www-school.com/",
  ],
  ...[
    "school.com",
    "//school.com/",
    "www.school.com/lesson",
    "null",
    "about:blank",
    "about:school.com",
    "data:text/html,school.com",
  ],
  ...["javascript:school.com", "file:///school.com", "mailto:a@school.com", "https:", "https://", "https:///", "*"],
  ...["https://127.0.0.2/", "https://[::1]/", "https://school.com:99999/", "https://scho ol.com/"],
  ...[
    "https://evil.com/, https://school.com/",
    "https://school.com.\u00e9vil.com/",
    `https://evilschool.com/${LONG}`,
    `https://${"a.".repeat(1000)}evil.com/`,
  ],
);

const RULES = [
  rule("referers", {
    allow: ["school.com", "*.school.com", "xn--7lq44a8q9a.xn--fiqs8s"],
    deny: ["bad.school.com"],
    empty: "refuse",
  }),
];

export const REFERER_GROUPS: readonly Group[] = [
  {
    name: "pages of a school, and no others",
    rules: () => RULES,
    allowed: FROM_SCHOOL,
    rows: [
      ...rowsOf("in", { ...ALLOWED_PAGES, ...STRANGE_PAGES }),
      ...rowsOf(REFUSED, REFUSED_PAGES),
      // A browser's own player names no page for what is below the playlist.
      ...rowsOf(REFUSED, { "no page": {}, "an empty header": lines(["Referer", ""]) }, { below: "in" }),
      ...rowsOf("in", {
        "Origin alone": lines(["Origin", "https://www.school.com"]),
        "the page counts before the origin": lines(["Referer", "https://school.com/"], ["Origin", "https://evil.com"]),
        "of several, the first counts": lines(["Referer", "https://school.com/"], ["Referer", "https://evil.com/"]),
        "other headers do not count": lines(
          ["Referer", "https://school.com/"],
          ["X-Referer", "https://evil.com/"],
          ["Referrer", "https://evil.com/"],
        ),
      }),
      ...rowsOf(REFUSED, {
        "Origin of another page": lines(["Origin", "https://evilschool.com"]),
        "an opaque origin": lines(["Origin", "null"]),
        "a page of another, with the origin of the school": lines(
          ["Referer", "https://evil.com/"],
          ["Origin", "https://school.com"],
        ),
        "of several, not the last": lines(["Referer", "https://evil.com/"], ["Referer", "https://school.com/"]),
      }),
      ...rowsOf(
        REFUSED,
        { "a header of another name": lines(["X-Referer", "https://school.com/"], ["Referrer", "https://school.com/"]) },
        { below: "in" },
      ),
      ...rowsOf("header-too-large or 431 or closed", {
        "a header of 80 kB": lines(["Referer", `https://school.com/${"x".repeat(80_000)}`]),
      }),
      ...rowsOf("in", { "the server's own page": { referer: "http://127.0.0.1/embed/math" } }),
    ],
  },
  {
    name: "pages of a school alone, without those below",
    rules: () => [rule("referers", { allow: ["school.com"] })],
    rows: [
      ...rowsOf("in", { ...from("https://school.com/", "https://SCHOOL.COM./"), "no page": {} }),
      ...rowsOf(REFUSED, from("https://www.school.com/", "https://evilschool.com/", "https://xschool.com/")),
    ],
  },
  {
    name: "pages below a school, without itself",
    rules: () => [rule("referers", { allow: ["*.school.com"] })],
    rows: [
      ...rowsOf("in", from("https://www.school.com/", "https://a.b.c.school.com/")),
      ...rowsOf(REFUSED, from("https://school.com/", "https://evilschool.com/", "https://school.com.evil.com/")),
    ],
  },
  {
    name: "pages that are denied",
    isLikeOthers: true,
    rules: () => [rule("referers", { deny: ["evil.com", "*.evil.com"] })],
    rows: [
      ...rowsOf(
        REFUSED,
        from("https://evil.com/", "https://WWW.EVIL.COM./", "https://school.com@evil.com/", "http://evil.com:8080/x"),
      ),
      ...rowsOf("in", { ...from("https://notevil.com/", "https://evil.com.cn/", "https://school.com/evil.com"), "no page": {} }),
    ],
  },
  {
    name: "the stream's own page",
    rules: () => RULES,
    allowed: FROM_SCHOOL,
    rows: [
      ...rowsOf("in", { ...from("https://school.com/", "https://www.school.com/a"), "no page": {} }, { only: ["embed"] }),
      ...rowsOf("refused-by-rule", from("https://evilschool.com/", "https://school.com@evil.com/", "https://bad.school.com./"), {
        only: ["embed"],
      }),
    ],
  },
];
