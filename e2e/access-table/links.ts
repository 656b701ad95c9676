/** Provides rows about signed links: of this server and of every other scheme, altered in each character, expired, copied, and made for something else. */
import {
  alterAt,
  altered,
  alterPrefixAt,
  type ForeignOptions,
  foreign,
  NOW,
  OTHER_SECRET,
  own,
  SCHEMES,
  type Scheme,
  SOON,
} from "./link-makers.ts";
import { type Client, FIRST_DOORS, type Group, type Row, rowsOf, rule, type Sign, type Signed } from "./row.ts";

/** Of the doors that ask for permission: a session needs no link. */
const only = FIRST_DOORS;
const HEX_SIGN = 64;
const EXPIRES = 10;

const links = (all: Readonly<Record<string, Sign>>, client: Client = {}): Record<string, Client> =>
  Object.fromEntries(Object.entries(all).map(([name, link]) => [name, { ...client, link }]));
const places = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);
const queryOf = (sign: Sign, change: (query: string) => string): Sign =>
  altered(sign, ({ query, prefix = "" }) => ({ query: change(query), prefix }));

const ALTERED_OWN = {
  ...Object.fromEntries(places(HEX_SIGN).map((at) => [`signature altered at ${at}`, altered(own(), alterAt("sign", at))])),
  ...Object.fromEntries(places(EXPIRES).map((at) => [`expiry altered at ${at}`, altered(own(), alterAt("expires", at))])),
  ...Object.fromEntries(
    places(4).map((at) => [`viewer altered at ${at}`, altered(own({ viewer: "anna" }), alterAt("viewer", at))]),
  ),
  ...Object.fromEntries([0, 8].map((at) => [`address altered at ${at}`, altered(own({ ip: "127.0.0.5" }), alterAt("ip", at))])),
};

const FORGED_OWN = {
  "another secret": own({}, "another secret"),
  "an empty secret": own({}, ""),
  "signed for another stream": own({ name: "physics" }),
  "signed for another app": own({ app: "lived" }),
  "signed for a longer name": own({ name: "math2" }),
  "signature in capitals": queryOf(own(), (query) => query.replace(/sign=(.*)/, (_, sign: string) => `sign=${sign.toUpperCase()}`)),
  "signature cut short": queryOf(own(), (query) => query.slice(0, -1)),
  "signature with one more digit": queryOf(own(), (query) => `${query}0`),
  "an empty signature": queryOf(own(), (query) => query.replace(/sign=.*/, "sign=")),
  "a later expiry before the signed one": queryOf(own(), (query) => `expires=${SOON + 9999}&${query}`),
  "another signature before the right one": queryOf(own(), (query) => `sign=${"0".repeat(HEX_SIGN)}&${query}`),
  "a viewer that was not signed": queryOf(own(), (query) => `${query}&viewer=anna`),
  "an address that was not signed": queryOf(own(), (query) => `${query}&ip=127.0.0.1`),
  "the viewer taken away": queryOf(own({ viewer: "anna" }), (query) => query.replace("viewer=anna&", "")),
  "the address taken away": queryOf(own({ ip: "127.0.0.9" }), (query) => query.replace("ip=127.0.0.9&", "")),
  "expiry and viewer moved against each other": queryOf(own({ viewer: "1" }), (query) =>
    query.replace("viewer=1", "viewer=").replace(/expires=(\d+)/, "expires=$11"),
  ),
  "an expiry in another form": queryOf(own(), (query) => query.replace(/expires=(\d+)/, "expires=+$1")),
  "an expiry in scientific form": queryOf(own(), (query) => query.replace(/expires=\d+/, "expires=9e9")),
  "a rung that was signed": own({ name: "math@480p" }),
};

const OWN: Group = {
  name: "links of this server",
  rules: () => [rule("links", { boundAddress: false, keys: [] })],
  allowed: { link: own() },
  rows: [
    ...rowsOf(
      "in",
      links({ good: own(), "with a viewer": own({ viewer: "anna" }), "for hours": own({ expires: NOW + 86_400 * 30 }) }),
      { only },
    ),
    ...rowsOf("in", { "bound, from its address": { ip: "127.0.0.5", link: own({ ip: "127.0.0.5" }) } }, { only }),
    ...rowsOf("in", { "bound to IPv6, from its address": { ip: "2001:db8::5", link: own({ ip: "2001:db8::5" }) } }, { only }),
    ...rowsOf(
      "in",
      links({ "parameters in another order": queryOf(own({ viewer: "a" }), (query) => query.split("&").reverse().join("&")) }),
      { only },
    ),
    ...rowsOf("in", links({ "parameters behind it": queryOf(own(), (query) => `${query}&expires=0&sign=0&x=y`) }), { only }),
    ...rowsOf(
      "not-signed-in links",
      { none: {}, "an empty query": { link: () => ({ query: "" }) }, "a key": { link: () => ({ query: "key=abc" }) } },
      { only },
    ),
    ...rowsOf(
      "not-signed-in links",
      links({
        "no signature": queryOf(own(), (query) => query.replace(/&sign=.*/, "")),
        "no expiry": queryOf(own(), (query) => query.replace(/expires=\d+&/, "")),
        "capital names": queryOf(own(), (query) => query.replace("sign", "SIGN").replace("expires", "EXPIRES")),
      }),
      { only },
    ),
    ...rowsOf(
      "link-expired",
      links({ "a moment ago": own({ expires: NOW - 2 }), "long ago": own({ expires: 1 }), never: own({ expires: 0 }) }),
      { only },
    ),
    ...rowsOf(
      "refused-by-rule links",
      {
        "bound, from another address": { ip: "127.0.0.6", link: own({ ip: "127.0.0.5" }) },
        "bound, from a neighbour of IPv6": { ip: "2001:db8::6", link: own({ ip: "2001:db8::5" }) },
        "bound to an address behind a name": { ip: "127.0.0.6", link: own({ ip: "localhost" }) },
      },
      { only },
    ),
    ...rowsOf("bad-signature", links({ ...ALTERED_OWN, ...FORGED_OWN }), { only }),
    // A link for images opens them, and nothing else.
    ...rowsOf("refused-by-rule", links({ "for still images": own({ viewer: "stills" }) }), {
      only: only.filter((door) => door !== "still" && !door.includes("replay") && door !== "mp4" && door !== "rungs"),
    }),
    ...rowsOf("in", links({ "for still images, of one": own({ viewer: "stills" }) }), { only: ["still"] }),
    // What was opened by a link stays open by its session, at any address: rules about addresses bind it.
    ...rowsOf(
      "in",
      { "no link, with the session of another": {}, "from a second address": { ip: "127.0.0.77" } },
      { only: ["playlist", "segment", "part", "shifted-segment", "replay-segment"] },
    ),
  ],
};

const BOUND: Group = {
  name: "links that must name the address",
  rules: ({ key }) => [rule("links", { boundAddress: true, keys: SCHEMES.map((scheme) => key(scheme)) })],
  allowed: { ip: "127.0.0.1", link: own({ ip: "127.0.0.1" }) },
  rows: [
    ...rowsOf(
      "in",
      {
        "its own address": { ip: "127.0.0.5", link: own({ ip: "127.0.0.5" }) },
        "nginx, its own address": { ip: "127.0.0.5", link: foreign("nginx", { ip: "127.0.0.5" }) },
        IPv6: { ip: "2001:db8::5", link: own({ ip: "2001:db8::5" }) },
        "mapped IPv4": { ip: "::ffff:127.0.0.5", link: own({ ip: "127.0.0.5" }) },
      },
      { only },
    ),
    ...rowsOf(
      "refused-by-rule links",
      {
        "no address": { ip: "127.0.0.5", link: own() },
        "another address": { ip: "127.0.0.5", link: own({ ip: "127.0.0.6" }) },
        "nginx, no address": { ip: "127.0.0.5", link: foreign("nginx") },
        ...Object.fromEntries(
          SCHEMES.filter((scheme) => scheme !== "nginx").map((scheme) => [
            `${scheme} cannot name one`,
            { ip: "127.0.0.5", link: foreign(scheme) },
          ]),
        ),
      },
      { only },
    ),
    ...rowsOf(
      "bad-signature",
      { "nginx, another address": { ip: "127.0.0.5", link: foreign("nginx", { ip: "127.0.0.6" }) } },
      { only },
    ),
    ...rowsOf("not-signed-in links", { none: { ip: "127.0.0.5" } }, { only }),
  ],
};

/** The parameters that a scheme's signature and time stand in, with their lengths; null: in the path. */
const PARAMETERS: Readonly<Record<Scheme, Readonly<Record<string, number>> | null>> = {
  upyun: { _upt: 18 },
  "aliyun-a": { auth_key: 47 },
  "aliyun-b": null,
  "aliyun-c": null,
  tencent: { txSecret: 32, txTime: 8 },
  nginx: { md5: 22, expires: 10 },
};
/** `/YYYYMMDDHHMM/MD5` and `/MD5/HEX`. */
const PREFIX_SLASHES: Readonly<Record<string, readonly number[]>> = { "aliyun-b": [0, 13], "aliyun-c": [0, 33] };
const PREFIX_LENGTH: Readonly<Record<string, number>> = { "aliyun-b": 46, "aliyun-c": 42 };
/** These add half an hour to the time in the link. */
const LONG_AGO = NOW - 7200;

function alteredRows(scheme: Scheme): Row[] {
  const parameters = PARAMETERS[scheme];
  const slashes = PREFIX_SLASHES[scheme] ?? [];
  const alterations: [string, (signed: Signed) => Signed][] = parameters
    ? Object.entries(parameters).flatMap(([name, length]) =>
        places(length).map((at): [string, (signed: Signed) => Signed] => [`${name} at ${at}`, alterAt(name, at)]),
      )
    : places(PREFIX_LENGTH[scheme] ?? 0)
        .filter((at) => !slashes.includes(at))
        .map((at) => [`path at ${at}`, alterPrefixAt(at)]);
  // The hyphens of `TIME-RAND-UID-MD5`.
  const isHyphen = (name: string) => scheme === "aliyun-a" && / (10|12|14)$/.test(name);
  const sign = foreign(scheme);
  return rowsOf(
    "bad-signature",
    links(
      Object.fromEntries(
        alterations
          .filter(([name]) => !isHyphen(name))
          .map(([name, alter]) => [`${scheme}, ${name} altered`, altered(sign, alter)]),
      ),
    ),
    { only },
  );
}

const FOREIGN: readonly Group[] = SCHEMES.map((scheme) => {
  const link = (options: ForeignOptions = {}) => foreign(scheme, options);
  return {
    name: `links of ${scheme}`,
    rules: ({ key }) => [rule("links", { boundAddress: false, keys: [key(scheme)] })],
    allowed: { link: own() },
    rows: [
      ...rowsOf(
        "in",
        links({
          good: link(),
          "signed for the playlist": link({ extension: ".m3u8" }),
          "signed for RTMP": link({ extension: "" }),
          "of this server": own(),
        }),
        { only },
      ),
      ...rowsOf(
        "bad-signature",
        links({
          "another secret": link({ secret: "another secret" }),
          "signed for another stream": link({ name: "physics" }),
          // Tencent signs the name alone.
          ...(scheme === "tencent"
            ? {}
            : { "signed for a path around it": link({ name: "x/math" }), "signed for the image": link({ extension: ".jpg" }) }),
          "this server's secret": link({ secret: "link-secret-of-the-table" }),
          "the secret of another key in this server's form": own({}, OTHER_SECRET),
        }),
        { only },
      ),
      ...rowsOf("link-expired", links({ expired: link({ time: LONG_AGO }) }), { only }),
      ...rowsOf(
        "not-signed-in links",
        {
          none: {},
          ...links(
            Object.fromEntries(
              SCHEMES.filter((other) => other !== scheme).map((other) => [`of ${other}, whose key is not named`, foreign(other)]),
            ),
          ),
        },
        { only },
      ),
      ...alteredRows(scheme),
    ],
  };
});

export const LINK_GROUPS: readonly Group[] = [OWN, BOUND, ...FOREIGN];
