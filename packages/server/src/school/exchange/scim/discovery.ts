/** Says what this server's SCIM can do: RFC 7643 sections 5 (ServiceProviderConfig), 6 (ResourceTypes) and 7 (Schemas), RFC 7644 section 4. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { SCHOOL_ROLES } from "../../people/accounts/shapes.ts";
import { memberRole } from "../../people/courses/shapes.ts";
import { attributeName } from "./filter.ts";
import { GROUP_PATH, GROUP_SCHEMA } from "./groups.ts";
import { locationOf, SCIM_ACCESS, SCIM_PATH, SCIM_TAG } from "./resource-routes.ts";
import { SCIM_FORM } from "./scim-form.ts";
import { USER_PATH } from "./scim-users.ts";
import { listAnswer, MAX_RESULTS, scimAnswer, scimList } from "./shapes.ts";
import { USER_SCHEMA } from "./users.ts";

const CONFIG_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
const TYPE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
const SCHEMA_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:Schema";
const ALL = { offset: 0, limit: MAX_RESULTS };

type Part = Readonly<Record<string, unknown>>;
type Attribute = Part & { readonly name: string };

/** RFC 7643 section 2.2: what an attribute is unless it says otherwise. */
const DEFAULTS = {
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: "readWrite",
  returned: "default",
  uniqueness: "none",
};

function attribute(name: string, description: string, more: Part = {}): Attribute {
  return { name, type: "string", description, ...DEFAULTS, ...more };
}

function complex(name: string, description: string, subAttributes: readonly Attribute[], more: Part = {}): Attribute {
  const { caseExact: _, ...usual } = DEFAULTS;
  return { name, type: "complex", description, ...usual, ...more, subAttributes };
}

const READ_ONLY = { mutability: "readOnly" };
const MULTI_VALUED = { multiValued: true };
const FLAG = { type: "boolean" };
const EXTERNAL_ID = attribute("externalId", "The id in the directory.", { caseExact: true });

const USER_ATTRIBUTES: readonly Attribute[] = [
  attribute("userName", "The login, in small letters.", { required: true, uniqueness: "server" }),
  EXTERNAL_ID,
  attribute("displayName", "The name that others see."),
  complex("name", "Taken for the name where there is no displayName.", [
    attribute("formatted", "The whole name."),
    attribute("givenName", "With the family name, where the whole one is missing.", { mutability: "writeOnly", returned: "never" }),
    attribute("familyName", "With the given name.", { mutability: "writeOnly", returned: "never" }),
  ]),
  attribute("active", "False: the account is closed, and its sessions have ended.", FLAG),
  complex(
    "emails",
    "One address is kept.",
    [
      attribute("value", "The address."),
      attribute("type", "Always work.", { canonicalValues: ["work"] }),
      attribute("primary", "Always true.", FLAG),
    ],
    MULTI_VALUED,
  ),
  complex(
    "roles",
    "The role in the school; an account has one.",
    [
      attribute("value", "Without one: student.", { canonicalValues: [...SCHOOL_ROLES] }),
      attribute("primary", "Always true.", FLAG),
    ],
    MULTI_VALUED,
  ),
  complex(
    "groups",
    "The courses of the person.",
    [
      attribute("value", "The id of the course.", { ...READ_ONLY, caseExact: true }),
      attribute("display", "Its name.", READ_ONLY),
      attribute("$ref", "Its address.", { ...READ_ONLY, type: "reference", referenceTypes: ["Group"] }),
      attribute("type", "Always direct.", READ_ONLY),
    ],
    { ...MULTI_VALUED, ...READ_ONLY },
  ),
];

const GROUP_ATTRIBUTES: readonly Attribute[] = [
  attribute("displayName", "The name of the course.", { required: true, uniqueness: "server" }),
  EXTERNAL_ID,
  complex(
    "members",
    "The people of the course.",
    [
      attribute("value", "The id of the person.", { mutability: "immutable", caseExact: true }),
      attribute("display", "The person's name.", READ_ONLY),
      attribute("$ref", "The person's address.", { ...READ_ONLY, type: "reference", referenceTypes: ["User"] }),
      attribute("type", "Always User.", { mutability: "immutable", canonicalValues: ["User"] }),
      attribute("role", "In the course. Without one, as the person's role in the school.", { canonicalValues: memberRole.options }),
    ],
    MULTI_VALUED,
  ),
];

function serviceProviderConfig(origin: string) {
  return {
    schemas: [CONFIG_SCHEMA],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MAX_RESULTS },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: "oauthbearertoken",
        name: "API key",
        description: "An API key of the school with the scope scim, as a bearer token.",
        primary: true,
      },
    ],
    meta: { resourceType: "ServiceProviderConfig", location: addressOf("/ServiceProviderConfig", origin) },
  };
}

function resourceTypes(origin: string) {
  const type = (name: string, endpoint: string, schema: string, description: string) => ({
    schemas: [TYPE_SCHEMA],
    id: name,
    name,
    endpoint,
    description,
    schema,
    meta: { resourceType: "ResourceType", location: addressOf(`/ResourceTypes/${name}`, origin) },
  });
  return [
    type("User", USER_PATH.path, USER_SCHEMA, "A person of the school."),
    type("Group", GROUP_PATH.path, GROUP_SCHEMA, "A course, with its members."),
  ];
}

function schemas(origin: string) {
  const schema = (id: string, name: string, attributes: readonly Attribute[]) => ({
    schemas: [SCHEMA_SCHEMA],
    id,
    name,
    attributes,
    meta: { resourceType: "Schema", location: addressOf(`/Schemas/${id}`, origin) },
  });
  return [schema(USER_SCHEMA, "User", USER_ATTRIBUTES), schema(GROUP_SCHEMA, "Group", GROUP_ATTRIBUTES)];
}

function addressOf(path: string, origin: string): string {
  return locationOf({ path: path as "/Users" }, "", origin).replace(/\/$/, "");
}

export function discoveryRoutes(): ApiRoute[] {
  const reads = { unlogged: "what SCIM can do here, and nothing of a person" };
  const common = {
    method: "GET",
    tag: SCIM_TAG,
    access: SCIM_ACCESS,
    rights: ["++------", null],
    form: SCIM_FORM,
    status: 200,
    reads,
  } as const;
  const list = (id: string, path: string, summary: string, all: (origin: string) => readonly Attribute[] | readonly Part[]) =>
    route({
      ...common,
      id,
      path: SCIM_PATH + path,
      summary,
      answer: scimList,
      refusals: [],
      handle: async ({ origin }) => ({ body: listAnswer(all(origin).length, ALL, all(origin)) }),
    });
  const one = (
    id: string,
    path: string,
    summary: string,
    all: (origin: string) => readonly { readonly id: string; readonly schemas: string[] }[],
  ) =>
    route({
      ...common,
      id,
      path: `${SCIM_PATH}${path}/:name`,
      summary,
      params: z.strictObject({ name: z.string().max(200) }),
      answer: scimAnswer,
      refusals: ["not-found"],
      handle: async ({ origin, params: { name } }) => {
        const found = all(origin).find((entry) => attributeName(entry.id) === attributeName(name));
        if (!found) throw new RefusalError("not-found");
        return { body: { ...found } };
      },
    });
  return [
    route({
      ...common,
      id: "getScimConfig",
      path: `${SCIM_PATH}/ServiceProviderConfig`,
      summary: "Get what this server's SCIM can do",
      answer: scimAnswer,
      refusals: [],
      handle: async ({ origin }) => ({ body: serviceProviderConfig(origin) }),
    }),
    list("listScimResourceTypes", "/ResourceTypes", "List the kinds of resources", resourceTypes),
    one("getScimResourceType", "/ResourceTypes", "Get a kind of resources", resourceTypes),
    list("listScimSchemas", "/Schemas", "List the attributes of each kind of resources", schemas),
    one("getScimSchema", "/Schemas", "Get the attributes of a kind of resources", schemas),
  ];
}
