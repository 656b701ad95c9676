/** Defines the script and style of the page that shows the API. Workers serve them, without loading the page or the API. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { StaticFolder } from "./static-files.ts";

export const API_DOCS_FILES: StaticFolder = {
  path: "/api/docs/assets/",
  directory: dirname(fileURLToPath(import.meta.resolve("swagger-ui-dist/package.json"))),
  only: ["swagger-ui.css", "swagger-ui-bundle.js"],
  isImmutable: false,
};
