/** Single sign-on by SAML 2.0: an identity provider with real keys, accounts and roles by attributes, and responses that must not sign anybody in. */
import assert from "node:assert/strict";
import { createVerify, X509Certificate } from "node:crypto";
import { type TestContext, test } from "node:test";
import { pino } from "pino";
import * as samlify from "samlify";
import { pemOf } from "../packages/server/src/school/people/sign-on/saml/certificates.ts";
import { makeServiceKey } from "../packages/server/src/school/people/sign-on/saml/service-key.ts";
import { encryptAssertion, FORGERIES } from "./saml-forgeries.ts";
import {
  assertionXml,
  encode,
  formOf,
  responseXml,
  type SamlIdentityProvider,
  sign,
  signAssertion,
  startIdentityProvider,
} from "./saml-identity-provider.ts";
import { type Answer, PASSWORD, type TestSchool } from "./school.ts";
import { onEachDatabase } from "./school-databases.ts";
import { Browser, HERE, SIGN_ON } from "./sign-on-browser.ts";

const ROLES = {
  roleClaim: "groups",
  roles: { staff: "teacher", pupils: "student", heads: "administrator" },
  courseClaim: "courses",
};

type Configured = {
  readonly id: string;
  readonly schoolId: string;
  readonly idp: SamlIdentityProvider;
  readonly provider: Answer["body"];
};

/** A provider of the first school, by the address of its metadata. */
async function configure(t: TestContext, { ok }: TestSchool, saml: object = {}, more: object = {}): Promise<Configured> {
  const idp = await startIdentityProvider(t);
  const schoolId = (await ok("GET", "/schools")).items[0].id;
  const body = {
    schoolId,
    kind: "saml",
    name: "School account",
    issuer: idp.entityId,
    ...ROLES,
    saml: { metadataUrl: `${idp.origin}/metadata`, ...saml },
    publicOrigin: HERE,
    ...more,
  };
  const provider = await ok("POST", "/providers", { body });
  return { id: provider.id, schoolId, idp, provider };
}

async function signOn(browser: Browser, { id, idp }: Configured, account: string, more: object = {}): Promise<Answer> {
  return await browser.finishForm(id, idp.visit(await browser.begin(id, more), account));
}

onEachDatabase((open) => {
  test("metadata makes the set-up, and the first sign-in the account, with name, role and courses by attributes", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok } = school;
    const saml = await configure(t, school);
    const { idp, provider } = saml;
    const course = (await ok("POST", "/courses", { body: { name: "Maths" } })).id;
    assert.deepEqual(
      [provider.kind, provider.redirectUri, provider.hasSecret, provider.clientId, provider.scopes],
      ["saml", `${HERE}/sign-on/${provider.id}/callback`, false, "", ""],
    );
    const tested = await ok("POST", `/providers/${provider.id}/test`);
    assert.deepEqual(tested, { issuer: idp.entityId, authorizationEndpoint: `${idp.origin}/sso` });
    idp.accounts.set("1", {
      uid: ["Wang"],
      "urn:oid:2.5.4.42": ["Fang"],
      sn: ["Wang"],
      mail: ["wang@school.example"],
      groups: ["x", "staff"],
      courses: ["Maths", "Nowhere"],
    });
    const browser = new Browser(school);
    const { status, body } = await signOn(browser, saml, "1", { returnTo: "/console/timetable?week=1" });
    assert.equal(status, 201, JSON.stringify(body));
    assert.deepEqual(
      [body.returnTo, body.user.login, body.user.name, body.user.email, body.user.role, body.user.hasPassword],
      ["/console/timetable?week=1", "wang", "Fang Wang", "wang@school.example", "teacher", false],
    );
    assert.equal((await browser.me()).user.id, body.user.id);
    const members = (await ok("GET", `/courses/${course}/members`)).items;
    assert.deepEqual(
      members.map(({ role }: { role: string }) => role),
      ["teacher"],
    );
    const [asked] = idp.requests;
    assert.deepEqual(
      [asked?.issuer, asked?.address, asked?.forceAuthn, asked?.isSigned],
      [provider.saml.entityId, provider.redirectUri, false, false],
    );
    idp.accounts.set("1", { groups: ["pupils"] });
    const again = await signOn(new Browser(school), saml, "1");
    assert.deepEqual([again.body.user.id, again.body.user.role], [body.user.id, "student"]);
    assert.ok(!(await school.call("GET", "/sign-on", { as: null })).body.items[0].saml, "nothing but the name for strangers");
  });

  test("by pasted metadata, or by address and certificate; settings that do not fit are refused with their field", async (t) => {
    const school = await open(t, SIGN_ON);
    const { call, ok } = school;
    const idp = await startIdentityProvider(t);
    const read = await ok("POST", "/providers/saml-metadata", { body: { metadata: idp.metadata() } });
    assert.deepEqual(read, {
      issuer: idp.entityId,
      ssoUrl: `${idp.origin}/sso`,
      certificates: [idp.key.certificate],
      wantsSignedRequests: false,
    });
    const byAddress = await ok("POST", "/providers/saml-metadata", { body: { metadataUrl: `${idp.origin}/metadata` } });
    assert.deepEqual(byAddress, read);
    const { issuer, ssoUrl } = read;
    const provider = await ok("POST", "/providers", {
      body: { kind: "saml", name: "S", issuer, saml: { ssoUrl, certificates: [pemOf(idp.key.certificate)] }, publicOrigin: HERE },
    });
    assert.deepEqual(provider.saml.certificates, [idp.key.certificate]);
    idp.accounts.set("1", { uid: ["wang"] });
    const { body } = await signOn(new Browser(school), { id: provider.id, schoolId: "", idp, provider }, "1");
    assert.equal(body.user?.login, "wang", JSON.stringify(body));
    const paths = async (answer: Promise<Answer>) => (await answer).body.errors?.map(({ path }: { path: string }) => path);
    const add = (more: object) => paths(call("POST", "/providers", { body: { kind: "saml", name: "S", issuer, ...more } }));
    assert.deepEqual(await add({}), ["saml"]);
    assert.deepEqual(await add({ saml: { ssoUrl } }), ["saml"]);
    assert.deepEqual(await add({ saml: { metadataUrl: "file:///etc/passwd" } }), ["saml.metadataUrl"]);
    assert.deepEqual(await add({ saml: { ssoUrl, certificates: ["MIIB"] } }), ["saml.certificates.0"]);
    assert.deepEqual(await add({ saml: { metadataUrl: ssoUrl }, clientId: "x" }), ["clientId"]);
    assert.deepEqual(await paths(call("POST", "/providers", { body: { name: "S", issuer: "https://x.example" } })), ["clientId"]);
    assert.deepEqual(await paths(call("POST", "/providers", { body: { name: "S", issuer: "urn:x", clientId: "x" } })), ["issuer"]);
    const change = (more: object) => paths(call("PATCH", `/providers/${provider.id}`, { body: more }));
    assert.deepEqual(await change({ scopes: "openid" }), ["scopes"]);
    assert.deepEqual(await change({ saml: { certificates: [] } }), ["saml"]);
    for (const [what, metadata] of [
      ["expired", idp.metadata('validUntil="2020-01-01T00:00:00Z"')],
      ["a document type", `<!DOCTYPE x>${idp.metadata().replace(/^<\?xml.*\?>/, "")}`],
      ["no certificate", idp.metadata().replace(idp.key.certificate, "")],
      ["a script for people", idp.metadata().replace(`${idp.origin}/sso`, "javascript:alert(1)")],
      ["of a service", idp.metadata().replaceAll("IDPSSODescriptor", "SPSSODescriptor")],
      ["no XML", "hello"],
    ] as const)
      assert.deepEqual(await paths(call("POST", "/providers/saml-metadata", { body: { metadata } })), ["metadata"], what);
  });

  test("no forged response signs anybody in, and the true one does afterwards", async (t) => {
    const reasons: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void reasons.push(JSON.parse(line).reason) });
    const school = await open(t, { ...SIGN_ON, log });
    const saml = await configure(t, school, {}, { defaultRole: "student" });
    const { idp, provider, id } = saml;
    idp.accounts.set("victim", { groups: ["heads"] });
    idp.accounts.set("attacker", { groups: ["pupils"] });
    const victim = (await signOn(new Browser(school), saml, "victim")).body.user;
    assert.equal(victim.role, "administrator");
    const before = (await school.ok("GET", `/users?schoolId=${saml.schoolId}`)).items.length;
    const otherKey = await makeServiceKey();
    const came = new Set<string>();
    const mine = { idp, otherKey, serviceCertificate: provider.saml.certificate };
    for (const { what, reason, forge } of FORGERIES) {
      const browser = new Browser(school);
      const request = idp.readRequest(await browser.begin(id));
      const forged = await forge({ ...mine, request });
      came.add(forged);
      const { status, body } = await browser.finishForm(id, formOf(forged, request.relayState));
      assert.deepEqual([status, body.code], [401, "sign-on-failed"], `${what}: ${JSON.stringify(body)}`);
      assert.match(reasons.at(-1) ?? "", reason, `${what}: not for another reason`);
      assert.ok(!browser.cookies.has("lectern-session"), what);
      const honest = await browser.finishForm(id, formOf(idp.response(request, "attacker"), request.relayState));
      assert.equal(honest.status, 201, `${what}, and then the true one: ${JSON.stringify(honest.body)}`);
    }
    assert.equal(came.size, FORGERIES.length, "each is another");
    assert.equal(reasons.length, FORGERIES.length);
    assert.equal((await school.ok("GET", `/users?schoolId=${saml.schoolId}`)).items.length, before + 1, "nobody but the attacker");
  });

  test("a response counts once, in the browser that began, for its provider; nobody may begin there unless the school allows it", async (t) => {
    const school = await open(t, SIGN_ON);
    const [saml, other] = [await configure(t, school), await configure(t, school)];
    const { idp, id } = saml;
    idp.accounts.set("1", {});
    const refused = async (attempt: Promise<Answer>, what: string) =>
      assert.equal((await attempt).body.code, "sign-on-failed", what);
    const browser = new Browser(school);
    const form = idp.visit(await browser.begin(id), "1");
    await refused(new Browser(school).finishForm(id, form), "another browser");
    await refused(browser.finishForm(other.id, form), "another provider's address");
    const kept = new Map(browser.cookies);
    const both = await Promise.all([browser.finishForm(id, form), new Browser(school, kept).finishForm(id, form)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 401], "twice at the same time");
    await refused(new Browser(school, kept).finishForm(id, form), "the same response again");
    // One assertion for two flows: an identity provider would have to answer both with one request.
    const request = idp.readRequest(await browser.begin(id));
    const serial = { assertionId: "_the-same" };
    assert.equal((await browser.finishForm(id, formOf(idp.response(request, "1", serial), request.relayState))).status, 201);
    const next = idp.readRequest(await browser.begin(id));
    await refused(
      browser.finishForm(id, formOf(idp.response(next, "1", serial), next.relayState)),
      "the id of an assertion that was used",
    );

    const unasked = { id: "", issuer: saml.provider.saml.entityId, address: saml.provider.redirectUri };
    const unsolicited = (changed = {}) => idp.response({ ...next, ...unasked }, "1", changed);
    await refused(new Browser(school).finishForm(id, formOf(unsolicited(), "/console")), "nobody asked");
    await school.ok("PATCH", `/providers/${id}`, { body: { saml: { unsolicited: true } } });
    const first = unsolicited();
    const begun = await new Browser(school).finishForm(id, formOf(first, "/console/people"));
    assert.deepEqual([begun.status, begun.body.returnTo], [201, "/console/people"], JSON.stringify(begun.body));
    await refused(new Browser(school).finishForm(id, formOf(first, "/console/people")), "the same one again");
    const away = await new Browser(school).finishForm(id, formOf(unsolicited(), "https://evil.example/"));
    assert.equal(away.body.returnTo, "/console", "pages of this server only");
    await refused(
      new Browser(school).finishForm(id, formOf(unsolicited({ inResponseTo: "_x", responseInResponseTo: "_x" }), "")),
      "an answer to no flow",
    );
    const flow = idp.readRequest(await browser.begin(id));
    await refused(browser.finishForm(id, formOf(unsolicited(), flow.relayState)), "an answer that names no request, to a flow");
  });

  test("persons are known by what identifies them for good", async (t) => {
    const school = await open(t, SIGN_ON);
    const saml = await configure(t, school, { subjectAttribute: "subject-id" });
    const { idp } = saml;
    const transient = { nameIdXml: '<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">_1</saml:NameID>' };
    idp.respond = (request, account) => idp.response(request, account, transient);
    idp.accounts.set("1", { "subject-id": ["w@school.example"], uid: ["wang"] });
    const { user } = (await signOn(new Browser(school), saml, "1")).body;
    idp.accounts.set("2", { "subject-id": ["w@school.example"], uid: ["other"] });
    assert.equal((await signOn(new Browser(school), saml, "2")).body.user.id, user.id);
    idp.accounts.set("3", { "subject-id": ["w@school.example", "x@school.example"] });
    assert.equal((await signOn(new Browser(school), saml, "3")).body.code, "sign-on-failed", "two");
    idp.accounts.set("4", { uid: ["wang"] });
    assert.equal((await signOn(new Browser(school), saml, "4")).body.code, "sign-on-failed", "none");
  });

  test("encrypted assertions, signed requests, being asked again, and a change of keys", async (t) => {
    const school = await open(t, SIGN_ON);
    const saml = await configure(t, school, { signRequests: true });
    const { idp, id, provider } = saml;
    const certificate = provider.saml.certificate;
    idp.accounts.set("1", { uid: ["wang"] });
    for (const data of ["http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"] as const) {
      const browser = new Browser(school);
      const request = idp.readRequest(await browser.begin(id));
      const says = idp.says(request, "1");
      const encrypted = await encryptAssertion(signAssertion(assertionXml(says), idp.key), certificate, { data });
      const response = sign(responseXml(says, encrypted), "Response", idp.key);
      const answer = await browser.finishForm(id, formOf(encode(response), request.relayState));
      assert.equal(answer.status, 201, `${data}: ${JSON.stringify(answer.body)}`);
    }
    const address = new URL(await new Browser(school).begin(id, { fresh: true }));
    const signed = address.search.slice(1).replace(/&Signature=.*/, "");
    const signature = Buffer.from(address.searchParams.get("Signature") ?? "", "base64");
    assert.ok(
      createVerify("RSA-SHA256")
        .update(signed)
        .verify(new X509Certificate(pemOf(certificate)).publicKey, signature),
    );
    assert.deepEqual([idp.readRequest(address.href).forceAuthn, idp.readRequest(address.href).isSigned], [true, true]);
    // The new key is in the metadata, which is read again when the provider changes, and every ten minutes.
    idp.key = await makeServiceKey();
    assert.equal((await signOn(new Browser(school), saml, "1")).body.code, "sign-on-failed");
    await school.ok("PATCH", `/providers/${id}`, { body: { name: "New key" } });
    assert.equal((await signOn(new Browser(school), saml, "1")).status, 201);
    idp.entityId = "https://evil.example/entity";
    await school.ok("PATCH", `/providers/${id}`, { body: { name: "Another" } });
    const begun = await new Browser(school).call("POST", "/sign-on", { providerId: id }, "anonymous");
    assert.equal(begun.body.code, "provider-away", "metadata of another identity provider");
  });

  test("metadata of this server is what an identity provider of another make needs", async (t) => {
    const school = await open(t, SIGN_ON);
    const saml = await configure(t, school, { signRequests: true });
    const { idp, id, provider } = saml;
    const address = provider.saml.serviceMetadataUrl;
    assert.equal(address, `${HERE}/api/v1/sign-on/${id}/metadata`);
    const answer = await school.call("GET", `/sign-on/${id}/metadata`, { as: null });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers["content-type"]), /samlmetadata/);
    const service = samlify.ServiceProvider({ metadata: answer.body });
    // It asks for a validator of XML schemas, which would be Java or a native library.
    samlify.setSchemaValidator({ validate: async () => "SUCCESS" });
    const other = samlify.IdentityProvider({
      metadata: idp
        .metadata()
        .replace('protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"', '$& WantAuthnRequestsSigned="true"'),
      privateKey: idp.key.privateKey,
      requestSignatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
      loginResponseTemplate: samlify.SamlLib.defaultLoginResponseTemplate,
    });
    const browser = new Browser(school);
    const url = new URL(await browser.begin(id));
    const query = Object.fromEntries(url.searchParams);
    const octetString = url.search.slice(1).replace(/&Signature=.*/, "");
    const { extract } = await other.parseLoginRequest(service, "redirect", { query, octetString });
    assert.equal(extract.issuer, provider.saml.entityId);
    const now = new Date();
    const later = new Date(now.getTime() + 300_000).toISOString();
    const tags = {
      ID: "_of-samlify",
      AssertionID: "_assertion-of-samlify",
      Destination: provider.redirectUri,
      Audience: provider.saml.entityId,
      EntityID: provider.saml.entityId,
      SubjectRecipient: provider.redirectUri,
      AssertionConsumerServiceURL: provider.redirectUri,
      Issuer: idp.entityId,
      IssueInstant: now.toISOString(),
      StatusCode: "urn:oasis:names:tc:SAML:2.0:status:Success",
      ConditionsNotBefore: now.toISOString(),
      ConditionsNotOnOrAfter: later,
      SubjectConfirmationDataNotOnOrAfter: later,
      NameIDFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
      NameID: "wang",
      InResponseTo: String(extract.request?.id),
    };
    const proof = `<saml:AuthnStatement AuthnInstant="${now.toISOString()}"/>`;
    const made = await other.createLoginResponse(service, { extract }, "post", { email: "wang" }, (template: string) => ({
      id: tags.ID,
      context: samlify.SamlLib.replaceTagsByValue(
        template.replace("{AuthnStatement}", proof).replace("{AttributeStatement}", ""),
        tags,
      ),
    }));
    const finished = await browser.finishForm(id, formOf(made.context, query["RelayState"] ?? ""));
    assert.equal(finished.status, 201, JSON.stringify(finished.body));
    assert.equal((await school.call("GET", `/sign-on/${"0".repeat(26)}/metadata`, { as: null })).status, 404);
  });

  test("the same rules as for OpenID Connect: linking, disabled people and providers, no operators, no raised roles", async (t) => {
    const school = await open(t, SIGN_ON);
    const { ok, person } = school;
    const saml = await configure(t, school, {}, { defaultRole: null, roles: { pupils: "student" } });
    const { idp } = saml;
    idp.accounts.set("1", { groups: ["operator", "administrator", "heads"], role: ["operator"] });
    assert.equal(
      (await signOn(new Browser(school), saml, "1")).body.code,
      "refused-by-rule",
      "no role by what the school has not named",
    );
    const { id } = await person(saml.schoolId, "teacher", "li");
    const browser = new Browser(school);
    await browser.call("POST", "/sessions", { login: "li", password: PASSWORD, cookie: true });
    assert.equal((await signOn(browser, saml, "1", { link: true })).body.user.id, id);
    const listed = (await browser.call("GET", "/me/identities")).body;
    assert.deepEqual(
      listed.items.map(({ name, issuer }: Record<string, string>) => [name, issuer]),
      [["School account", `saml:${idp.entityId}`]],
    );
    const other = new Browser(school);
    assert.deepEqual([(await signOn(other, saml, "1")).body.user.id, (await other.me()).role], [id, "teacher"]);
    await ok("PATCH", `/users/${id}`, { body: { disabled: true } });
    assert.equal((await signOn(new Browser(school), saml, "1")).body.code, "refused-by-rule");
    await ok("PATCH", `/users/${id}`, { body: { disabled: false } });
    assert.equal((await signOn(other, saml, "1")).status, 201);
    await ok("PATCH", `/providers/${saml.id}`, { body: { enabled: false } });
    assert.equal((await other.me()).code, "bad-credential");
    assert.ok(!JSON.stringify(await ok("GET", "/audit")).includes("PRIVATE KEY"));
    assert.ok(!JSON.stringify(await ok("GET", "/providers")).includes("PRIVATE KEY"));
  });

  test("identity providers in private networks need the operator's permission", async (t) => {
    const school = await open(t);
    const { call } = school;
    const idp = await startIdentityProvider(t);
    const read = (metadataUrl: string) => call("POST", "/providers/saml-metadata", { body: { metadataUrl } });
    for (const host of [idp.origin, "http://localhost:9", "https://127.0.0.1:9", "http://[::ffff:127.0.0.1]:9"])
      assert.equal((await read(`${host}/metadata`)).body.code, "provider-away", host);
    assert.equal(idp.requests.length, 0);
    const { id } = await configure(t, school);
    assert.equal((await new Browser(school).call("POST", "/sign-on", { providerId: id }, "anonymous")).body.code, "provider-away");
  });
});
