/** Provides rows about the address of a client: networks, lists from every source, proxies, and strangers who name another address. */
import { type Client, type Group, type Header, rowsOf, rule } from "./row.ts";

export const LIST_TEXT = `# the list of the table
127.0.2.0/24
127.0.3.7
127.0.4.10-127.0.4.20 ; a range
2001:db8:2::/48
2001:db8:3::7
2001:db8:4::10-2001:db8:4::20
`;

const REFUSED = "refused-by-rule addresses";

const at = (...ips: readonly string[]): Record<string, Client> => Object.fromEntries(ips.map((ip) => [ip, { ip }]));

const LISTED = at(
  ...["127.0.2.0", "127.0.2.255", "127.0.3.7", "127.0.4.10", "127.0.4.15", "127.0.4.20"],
  ...["2001:db8:2::", "2001:db8:2:ffff:ffff:ffff:ffff:ffff", "2001:DB8:3::7", "2001:db8:4::10", "2001:db8:4:0:0:0:0:20"],
  ...["::ffff:127.0.2.9", "::ffff:7f00:0307"],
);
const NOT_LISTED = at(
  ...["127.0.1.255", "127.0.3.0", "127.0.3.6", "127.0.3.8", "127.0.4.9", "127.0.4.21"],
  ...["2001:db8:1:ffff::", "2001:db8:3::", "2001:db8:3::8", "2001:db8:4::f", "2001:db8:4::21", "::127.0.2.9", "64:ff9b::127.0.2.9"],
);

const LISTS: readonly Group[] = (["uploaded", "fetched", "from-file"] as const).flatMap((list): Group[] => [
  {
    name: `a list that is ${list}, denied`,
    isLikeOthers: list === "fetched",
    rules: ({ list: id }) => [rule("addresses", { deny: [`list:${id(list)}`] })],
    rows: [...rowsOf(REFUSED, LISTED), ...rowsOf("in", NOT_LISTED)],
  },
  {
    name: `a list that is ${list}, allowed`,
    isLikeOthers: list !== "fetched",
    rules: ({ list: id }) => [rule("addresses", { allow: [`list:${id(list)}`] })],
    allowed: { ip: "127.0.2.1" },
    rows: [...rowsOf("in", LISTED), ...rowsOf(REFUSED, NOT_LISTED)],
  },
]);

/** Headers by which proxies and programs name the client's address, of which only X-Forwarded-For counts, and that only from trusted proxies. */
const CLAIMS: readonly Header[] = (
  [
    ...["X-Forwarded-For", "X-Real-IP", "Client-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Fastly-Client-IP"],
    ...["X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Originating-IP", "X-Remote-IP", "X-Remote-Addr", "X-Lectern-Address"],
  ] as const
).map((name): Header => [name, "127.0.0.3"]);

const forwarded = (...values: readonly string[]): Client => ({ headers: values.map((value) => ["X-Forwarded-For", value]) });

const PROXIES: Group = {
  name: "an address that proxies and strangers name",
  rules: () => [rule("addresses", { deny: ["127.0.0.2", "127.0.1.0/24", "2001:db8:1::/48"] })],
  rows: [
    ...rowsOf(REFUSED, {
      ...Object.fromEntries(CLAIMS.map((claim) => [`a stranger with ${claim[0]}`, { from: "127.0.0.2", headers: [claim] }])),
      "a stranger with Forwarded": { from: "127.0.0.2", headers: [["Forwarded", "for=127.0.0.3"]] },
      "a stranger with all of them": { from: "127.0.0.2", headers: CLAIMS },
      "a stranger who names a trusted proxy": { from: "127.0.0.2", headers: [["X-Forwarded-For", "127.0.0.1"]] },
      "another loopback address of the network": { from: "127.0.1.9" },
      "a client that has forged the beginning": forwarded("127.0.0.3, 127.0.0.2"),
      "a client behind two trusted proxies": forwarded("127.0.0.2, 2001:db8:ffff::1"),
      "a forged beginning behind two trusted proxies": forwarded("127.0.0.3,127.0.0.2,2001:db8:ffff::1"),
      "several lines, of which the last counts": forwarded("127.0.0.3", "127.0.0.2"),
      "spaces and tabs": forwarded("127.0.0.3 ,\t 127.0.0.2  "),
      "mapped IPv4": forwarded("::ffff:127.0.0.2"),
      "mapped IPv4 in capitals": forwarded("::FFFF:127.0.0.2"),
      "mapped IPv4 in hexadecimal": forwarded("::ffff:7f00:2"),
      "mapped IPv4 in full": forwarded("0000:0000:0000:0000:0000:ffff:127.0.0.2"),
      "mapped IPv4 in full and hexadecimal": forwarded("0:0:0:0:0:FFFF:7F00:0002"),
      "IPv6 in capitals": forwarded("2001:DB8:1::9"),
      "IPv6 in full": forwarded("2001:0db8:0001:0000:0000:0000:0000:0009"),
      "IPv6 with IPv4 at its end": forwarded("2001:db8:1::192.0.2.1"),
    }),
    ...rowsOf("in", {
      "a stranger who names an address that is denied": { from: "127.0.0.3", headers: [["X-Forwarded-For", "127.0.0.2"]] },
      "the last address counts, not the first": forwarded("127.0.0.2, 127.0.0.3"),
      "several lines, of which only the first is denied": forwarded("127.0.0.2", "127.0.0.3"),
      "no address, so the proxy's own": forwarded("nonsense"),
      "a number with a leading zero is no address": forwarded("127.0.0.02"),
      "an address in one number is none": forwarded("2130706434"),
      "compatible IPv4 is another address": forwarded("::127.0.0.2"),
      "a network beside it": forwarded("2001:db8:2::9"),
    }),
  ],
};

export const ADDRESS_GROUPS: readonly Group[] = [
  {
    name: "networks that are denied",
    rules: () => [rule("addresses", { deny: ["127.0.0.2", "127.0.1.0/24", "2001:db8:1::/48", "2001:db8::7", "127.128.0.0/9"] })],
    rows: [
      ...rowsOf(
        REFUSED,
        at("127.0.0.2", "127.0.1.0", "127.0.1.77", "127.0.1.255", "2001:db8:1::", "2001:db8::7", "127.128.0.1", "127.255.255.254"),
      ),
      ...rowsOf(
        "in",
        at("127.0.0.1", "127.0.0.3", "127.0.2.0", "127.0.0.255", "2001:db8:2::", "2001:db8::8", "127.127.255.255", "::1"),
      ),
    ],
  },
  {
    name: "networks that are allowed",
    rules: () => [rule("addresses", { allow: ["127.0.0.0/30", "2001:db8:1::/48"] }), rule("addresses", { deny: ["127.0.0.2"] })],
    rows: [
      ...rowsOf("in", at("127.0.0.1", "127.0.0.3", "2001:db8:1::1", "::ffff:127.0.0.3")),
      ...rowsOf(REFUSED, at("127.0.0.2", "127.0.0.4", "127.0.0.9", "2001:db8:2::1", "::1", "::ffff:127.0.0.4", "::ffff:127.0.0.2")),
    ],
  },
  {
    name: "all of IPv6 is denied, and IPv4 with it",
    rules: () => [rule("addresses", { deny: ["::/0"] })],
    closed: REFUSED,
    rows: rowsOf(REFUSED, at("127.0.0.1", "127.9.9.9", "2001:db8::1", "::1")),
  },
  {
    name: "the public addresses of IPv6 are denied",
    isLikeOthers: true,
    rules: () => [rule("addresses", { deny: ["2000::/3"] })],
    rows: [
      ...rowsOf(REFUSED, at("2001:db8::1", "2000::", "3fff:ffff::1")),
      ...rowsOf("in", at("127.0.0.1", "fd00::1", "::1", "4000::1", "1fff::1")),
    ],
  },
  {
    name: "who publishes",
    rules: () => [rule("addresses", { for: "publish", allow: ["127.0.0.1", "127.0.5.0/24"] })],
    rows: [
      // One of them at a time.
      ...rowsOf("in or publisher-present", at("127.0.0.1", "127.0.5.9"), { only: ["publish"] }),
      ...rowsOf(REFUSED, at("127.0.0.2", "127.0.6.1"), { only: ["publish"] }),
      ...rowsOf("in", at("127.0.0.2", "2001:db8::1")),
    ],
  },
  ...LISTS,
  PROXIES,
];
