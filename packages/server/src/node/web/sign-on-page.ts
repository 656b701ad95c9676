/**
 * Serves the page to which a school's sign-in service leads back: with a query (OpenID Connect, CAS), or with a form that it has the browser post (SAML
 * Bindings 2.0, section 3.5). A post of another site carries no cookie of this one, so the page sends what it got to the API itself.
 */
import type { FastifyInstance } from "fastify";
import type { SendPage } from "./launch-pages.ts";
import { fillData, formOf, takeForms } from "./posted-form.ts";

const ADDRESS = "/sign-on/:provider/callback";
/** As the API takes it (`MAX_FORM` of the school's sign-on). */
const MAX_FORM_BYTES = 300_000;
/** The placeholder in the built page. */
const DATA = "%RESPONSE%";

/** @param html the built page; null: the pages are not built */
export function signOnPage(app: FastifyInstance, html: string | null, send: SendPage): void {
  const filled = (form: string) => html && fillData(html, DATA, { form });
  app.register(async (scope) => {
    takeForms(scope, MAX_FORM_BYTES);
    scope.get(ADDRESS, async (_request, reply) => send(reply, filled("")));
    scope.post(ADDRESS, async (request, reply) => send(reply, filled(formOf(request))));
  });
}
