/** Lets pages take forms that other services have a browser post, and hands them to the page as data in its head, which the page's own script sends on. */
import type { FastifyInstance, FastifyRequest } from "fastify";

/** Lets the routes of a scope take forms; `formOf` has them. */
export function takeForms(scope: FastifyInstance, maxBytes: number): void {
  scope.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: maxBytes },
    (_request, body, done) => done(null, body),
  );
}

/** As `application/x-www-form-urlencoded`; empty for none. */
export function formOf({ body }: FastifyRequest): string {
  return typeof body === "string" ? body : "";
}

/** Writes data into an attribute of a built page. @param placeholder the attribute's value there, such as `%LAUNCH%` */
export function fillData(html: string, placeholder: string, data: unknown): string {
  const text = JSON.stringify(data).replace(/[&<>"'%]/g, (character) => `&#${character.charCodeAt(0)};`);
  return html.replace(placeholder, () => text);
}
