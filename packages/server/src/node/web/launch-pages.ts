/**
 * Serves the page of a learning platform's launch (LTI 1.3): where a launch begins, where the platform posts it to, and the window that takes over
 * from a frame. Only pages of the platform may frame it. The page gets the fields that the platform sent, and makes the calls of the API itself.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { LaunchPage } from "../../school/school.ts";
import type { PolicyOptions } from "./content-policy.ts";
import { CAPTURE, type Capture } from "./permissions-policy.ts";
import { fillData, formOf, takeForms } from "./posted-form.ts";

/** Sends a page with its policies. @param html null: the pages are not built */
export type SendPage = (
  reply: FastifyReply,
  html: string | null,
  policy?: Partial<Pick<PolicyOptions, "frames" | "forms">> & {
    /** Whether people publish from the page, with camera, microphone and screen. Default false. */
    readonly captured?: readonly Capture[];
  },
) => FastifyReply;

export type LaunchPages = {
  /** The built page; null: the pages are not built. */
  readonly html: string | null;
  readonly send: SendPage;
  readonly launchPage: (form: string, schoolId: string | null) => Promise<LaunchPage | null>;
};

/** What the page reads from its head. */
type PageData = {
  readonly step: "login" | "launch" | "window";
  readonly schoolId: string;
  readonly form: string;
  /** Empty: unknown. */
  readonly storageOrigin: string;
};

/** An ID token with many roles and custom fields takes some ten kilobytes. */
const MAX_FORM_BYTES = 100_000;
/** The placeholder in the built page. */
const DATA = "%LAUNCH%";

export function launchPages(app: FastifyInstance, { html, send, launchPage }: LaunchPages): void {
  const show = async (reply: FastifyReply, data: Omit<PageData, "storageOrigin">, schoolId: string | null) => {
    // Without the database, the page says so by itself, where nothing frames it.
    const page = await launchPage(data.form, schoolId).catch(() => null);
    const filled = html === null ? null : fillData(html, DATA, { ...data, storageOrigin: page?.storageOrigin ?? "" });
    return send(reply, filled, page ? { frames: page.origins, forms: page.origins, captured: CAPTURE } : {});
  };
  app.register(async (scope) => {
    takeForms(scope, MAX_FORM_BYTES);
    type School = { Params: { school: string } };
    scope.get<School>("/lti/:school/login", async ({ params: { school }, url }, reply) =>
      show(reply, { step: "login", schoolId: school, form: url.split("?")[1] ?? "" }, school),
    );
    scope.post<School>("/lti/:school/login", async (request, reply) => {
      const { school } = request.params;
      return show(reply, { step: "login", schoolId: school, form: formOf(request) }, school);
    });
    scope.post("/lti/launch", async (request, reply) => show(reply, { step: "launch", schoolId: "", form: formOf(request) }, null));
    for (const [path, step] of [
      ["/lti/launch", "launch"],
      ["/lti/window", "window"],
    ] as const)
      scope.get(path, async (_request, reply) =>
        send(reply, html && fillData(html, DATA, { step, schoolId: "", form: "", storageOrigin: "" }), { captured: CAPTURE }),
      );
  });
}
