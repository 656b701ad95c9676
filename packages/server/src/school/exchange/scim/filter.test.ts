/** Filters and paths of SCIM: the examples of RFC 7644, what directories send, and what no filter is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BadFilter, type Filter, MAX_FILTER, parseFilter, parsePath } from "./filter.ts";

const compare = (attribute: string, comparison: string, value: unknown) =>
  ({ kind: "compare", attribute, comparison, value }) as Filter;

test("the examples of RFC 7644, figure 2, are read as it explains them", () => {
  assert.deepEqual(parseFilter('userName eq "bjensen"'), compare("username", "eq", "bjensen"));
  assert.deepEqual(parseFilter('name.familyName co "O\'Malley"'), compare("name.familyname", "co", "O'Malley"));
  const prefixed = 'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"';
  assert.deepEqual(parseFilter(prefixed), compare("username", "sw", "J"));
  assert.deepEqual(parseFilter("title pr"), { kind: "present", attribute: "title" });
  assert.deepEqual(
    parseFilter('meta.lastModified gt "2011-05-13T04:42:34Z"'),
    compare("meta.lastmodified", "gt", "2011-05-13T04:42:34Z"),
  );
  assert.deepEqual(parseFilter('title pr or userType eq "Intern"'), {
    kind: "or",
    of: [{ kind: "present", attribute: "title" }, compare("usertype", "eq", "Intern")],
  });
  assert.deepEqual(parseFilter('userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")'), {
    kind: "and",
    of: [
      compare("usertype", "ne", "Employee"),
      {
        kind: "not",
        of: { kind: "or", of: [compare("emails", "co", "example.com"), compare("emails.value", "co", "example.org")] },
      },
    ],
  });
  assert.deepEqual(parseFilter('emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]'), {
    kind: "or",
    of: [
      {
        kind: "element",
        attribute: "emails",
        filter: { kind: "and", of: [compare("type", "eq", "work"), compare("value", "co", "@example.com")] },
      },
      { kind: "element", attribute: "ims", filter: compare("type", "eq", "xmpp") },
    ],
  });
});

test("and binds more than or, and words count in any case", () => {
  const [a, b, c] = [compare("a", "eq", 1), compare("b", "eq", true), compare("c", "eq", null)];
  assert.deepEqual(parseFilter("A EQ 1 OR B Eq TRUE AND c eq null"), { kind: "or", of: [a, { kind: "and", of: [b, c] }] });
  assert.deepEqual(parseFilter("(a eq 1 or b eq true) and c eq null"), { kind: "and", of: [{ kind: "or", of: [a, b] }, c] });
  assert.deepEqual(parseFilter('order eq "x"'), compare("order", "eq", "x"), "a name may begin with a word");
  assert.deepEqual(parseFilter('notes eq "x"'), compare("notes", "eq", "x"));
  assert.deepEqual(parseFilter("a eq -1.5e3"), compare("a", "eq", -1500));
  assert.deepEqual(parseFilter('a eq "\\"\\u674e\\\\"'), compare("a", "eq", '"李\\'));
});

test("a path names an attribute, a part of it, or those of its values that fit a filter", () => {
  assert.deepEqual(parsePath("members"), { attribute: "members", sub: null, filter: null });
  assert.deepEqual(parsePath("name.familyName"), { attribute: "name", sub: "familyname", filter: null });
  assert.deepEqual(parsePath('emails[type eq "work"].value'), {
    attribute: "emails",
    sub: "value",
    filter: compare("type", "eq", "work"),
  });
  assert.deepEqual(parsePath('addresses[type eq "work"]'), {
    attribute: "addresses",
    sub: null,
    filter: compare("type", "eq", "work"),
  });
  const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
  assert.deepEqual(parsePath(`${enterprise}:department`), {
    attribute: `${enterprise.toLowerCase()}:department`,
    sub: null,
    filter: null,
  });
  assert.deepEqual(parsePath(`${enterprise}:manager.value`), {
    attribute: `${enterprise.toLowerCase()}:manager`,
    sub: "value",
    filter: null,
  });
});

test("what is no filter is refused, with the place in it", () => {
  const bad = [
    "",
    "userName",
    "userName eq",
    'userName is "x"',
    'userName eq "x',
    "userName eq x",
    'a eq "1" and',
    'a eq "1" b',
    "(a pr",
    "a pr)",
  ];
  bad.push(
    'emails[type eq "work"',
    "not a pr",
    "a eq [1]",
    'a eq "\\x"',
    "a pr; drop table users",
    "a.b.c pr",
    '"a" pr',
    "a eq 'x'",
    "[a pr]",
  );
  for (const text of bad) assert.throws(() => parseFilter(text), BadFilter, text);
  for (const text of ["", "a[", "a[b pr", "a[b pr].", "a[b pr].c.d.e", "a b", "a.b[c pr] d"])
    assert.throws(() => parsePath(text), BadFilter, text);
});

test("depth, length and the number of conditions have bounds", () => {
  const nested = (depth: number) => `${"(".repeat(depth)}a pr${")".repeat(depth)}`;
  assert.doesNotThrow(() => parseFilter(nested(15)));
  assert.throws(() => parseFilter(nested(16)), BadFilter);
  assert.throws(() => parseFilter(nested(2000)), BadFilter);
  assert.throws(() => parseFilter(`a${"[a".repeat(500)} pr${"]".repeat(500)}`), BadFilter);
  const many = (count: number) => Array.from({ length: count }, () => "a pr").join(" or ");
  assert.doesNotThrow(() => parseFilter(many(20)));
  assert.throws(() => parseFilter(many(21)), BadFilter);
  assert.throws(() => parseFilter(`a eq "${"x".repeat(MAX_FILTER)}"`), BadFilter);
});

test("no text makes the parser fail otherwise, also parts of filters put together", () => {
  const pieces = [
    "(",
    ")",
    "[",
    "]",
    ".",
    '"',
    "\\",
    " ",
    "and",
    "or",
    "not",
    "pr",
    "eq",
    "a",
    "emails",
    '"x"',
    "1",
    "-",
    "true",
    "urn:",
    ":",
  ];
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((all) => all.join("")),
  );
  fc.assert(
    fc.property(text, (sent) => {
      for (const parse of [parseFilter, parsePath])
        try {
          parse(sent);
        } catch (error) {
          assert.ok(error instanceof BadFilter, `${sent}: ${error}`);
        }
    }),
    { numRuns: 3000 },
  );
});
