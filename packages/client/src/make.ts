/**
 * Makes `schema.ts` from the API's OpenAPI document, which is made from the server's routes. It is not kept in the repository: `script/lint` makes it
 * before it checks types.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { wholeDocument } from "./documented-routes.ts";

const FILE = join(import.meta.dirname, "schema.ts");
const HEAD = "/** What the API takes and gives. Made by `make.ts` from the server's routes; change those, not this. */\n\n";

writeFileSync(FILE, HEAD + astToString(await openapiTS(wholeDocument() as never)));
